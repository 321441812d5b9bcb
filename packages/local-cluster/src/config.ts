import {
  abortSignal,
  callback,
  check,
  checkOptions,
  InvalidOptionError,
  isRecord,
  listOf,
  oneOf,
  optional,
  orElse,
  shown,
  text,
  wholeNumber,
  type Checks,
} from '@grapevine/std'
import { askedFaults, faultsOptions, type AskedFaults, type FaultsOption } from './faults/driver-choice.ts'
import {
  commandOption,
  entryOption,
  execPathOption,
  resolveExecPath,
  resolveProgram,
  type ExecPathOf,
  type Program,
} from './process/program.ts'

/** Where a node lives. It keeps its place through restarts. */
export interface NodePlace {
  readonly name: string
  /** Position in `cluster.nodes`, from 0. */
  readonly index: number
  /** The address to listen on, and to be reached at: 127.0.0.1, or its own in a network namespace. */
  readonly host: string
  /** A port on `host` for its HTTP server. */
  readonly port: number
  /** A folder of its own, made empty before the first start. */
  readonly dataDir: string
}

/** Variables for the child: the same for all nodes, or made for each, which may need to know where the others are. */
export type NodeEnv =
  | Readonly<Record<string, string>>
  | ((place: NodePlace, all: readonly NodePlace[]) => Readonly<Record<string, string>>)

/** What of a place is fixed beforehand. */
export interface FixedPlace {
  /** 1 to 65_535. */
  readonly port?: number
  /** Made if it is not there, never emptied and never removed. */
  readonly dataDir?: string
}

export interface ClusterOptions {
  /**
   * JavaScript file that each node runs with this same Node.js, or another: `execPath`. A relative path starts at the
   * working directory. Either this or `command`.
   */
  entry?: string | URL
  /**
   * A program in any language and its arguments, found in `PATH`. It takes its place from the variables. Faults on its
   * links need namespaces, and its clock cannot be set. Either this or `entry`.
   */
  command?: readonly string[]
  /**
   * The Node.js that runs the entry: the same for all nodes, or one for each, to try versions beside each other. Only
   * together with `entry`. @default the Node.js of this process
   */
  execPath?: string | ExecPathOf
  /** Arguments after the file, or after the command. @default [] */
  args?: readonly string[]
  /** How many nodes (1 to 64; named node-1, node-2, …), or their names (letters, digits, `.`, `_`, `-`). */
  nodes: number | readonly string[]
  /**
   * Variables besides those that every node gets: `PORT`, `HOST`, `DATA_DIR`, `NODE_NAME` (these four cannot be
   * given), and `PATH`, `HOME`, `TMPDIR`, `TZ`, `LANG` from this process. Nothing else is inherited. @default {}
   */
  env?: NodeEnv
  /** Path that answers 200 once a node is ready. @default '/readyz' */
  ready?: string | ((place: NodePlace) => string)
  /**
   * Where a node is to live, for a cluster that people use and come back to: a port, and a folder that is kept when
   * the cluster ends. What is not given is chosen. Not together with `diskMb`. @default a free port, a folder that goes
   */
  place?: (node: { readonly name: string; readonly index: number }) => FixedPlace
  /** Told each line that a node writes, as it comes. @default nobody */
  onLine?: (node: string, line: string) => void
  /**
   * How faults on links are done. `in-process`: connections are refused and closed, for Node.js programs, without any
   * rights. `namespaces`: packets are really dropped, for any program; needs Linux, root, iproute2 and iptables, and
   * fails if they are not there. `auto`: as the variable `LOCAL_CLUSTER_FAULTS` of this process says, else namespaces if
   * the machine allows them, which takes a moment to find out, else in-process. The cluster's `driver` says which it is,
   * `driverReason` why. @default as the variable says, else 'in-process' for an entry and 'auto' for a command
   */
  faults?: FaultsOption
  /** Told in one line how faults on links are done, and why, unless `faults` names it. @default stderr, a line once */
  say?: (line: string) => void
  /**
   * Gives each node a data folder that is a disk of its own, of so many megabytes, 1 to 4_096, so that it can be filled.
   * It is in memory; needs Linux and root. @default no disk of its own
   */
  diskMb?: number
  /** How long a node may take to be ready, in milliseconds, 100 to 600_000. @default 20_000 */
  startTimeoutMs?: number
  /** How long a node may take to exit after SIGTERM before it gets SIGKILL, in milliseconds, 1 to 600_000. @default 5_000 */
  stopTimeoutMs?: number
  /** How long the nodes may take to confirm a fault, in milliseconds, 1 to 600_000. @default 5_000 */
  faultTimeoutMs?: number
  /** How long one HTTP request to a node may take, in milliseconds, 1 to 600_000. @default 10_000 */
  requestTimeoutMs?: number
  /** Lines of output kept for each node, the newest; 1 to 100_000. @default 2_000 */
  logLines?: number
  /** When it is aborted all nodes are killed. Pass a test's own signal, so that a time-out ends them. @default none */
  signal?: AbortSignal
}

/** The options, checked and complete. */
export interface ClusterConfig {
  readonly program: Program
  readonly execPath: ExecPathOf
  readonly names: readonly string[]
  readonly env: (place: NodePlace, all: readonly NodePlace[]) => Readonly<Record<string, string>>
  readonly ready: (place: NodePlace) => string
  readonly place: (node: { readonly name: string; readonly index: number }) => FixedPlace
  readonly onLine: (node: string, line: string) => void
  readonly faults: AskedFaults
  readonly say: (line: string) => void
  readonly diskMb: number | undefined
  readonly startTimeoutMs: number
  readonly stopTimeoutMs: number
  readonly faultTimeoutMs: number
  readonly requestTimeoutMs: number
  readonly logLines: number
}

const maxNodes = 64
const maxMs = 600_000
const mostCharacters = 4_096

type PlaceOf = NonNullable<ClusterOptions['place']>
type Say = NonNullable<ClusterOptions['say']>

const variables = check(
  (value): value is NodeEnv =>
    typeof value === 'function' ||
    (isRecord(value) && Object.values(value).every((each) => typeof each === 'string')),
  'an object of strings, or a function that makes one',
)
const readyPath = check(
  (value): value is NonNullable<ClusterOptions['ready']> =>
    typeof value === 'function' || (typeof value === 'string' && value.startsWith('/')),
  'a path such as /readyz, or a function that makes one',
)
const nodesOption = check(
  (value): value is ClusterOptions['nodes'] => typeof value === 'number' || Array.isArray(value),
  `a whole number from 1 to ${maxNodes}, or a list of names`,
)

const checks = {
  entry: optional(entryOption),
  command: optional(commandOption),
  execPath: optional(execPathOption),
  args: orElse(listOf(text(0, mostCharacters), 0, mostCharacters), []),
  nodes: nodesOption,
  env: orElse<NodeEnv>(variables, {}),
  ready: orElse(readyPath, '/readyz'),
  place: orElse(callback<PlaceOf>(), () => ({})),
  onLine: orElse(callback<NonNullable<ClusterOptions['onLine']>>(), () => undefined),
  faults: optional(oneOf(...faultsOptions)),
  say: optional(callback<Say>()),
  diskMb: optional(wholeNumber(1, 4_096)),
  startTimeoutMs: orElse(wholeNumber(100, maxMs), 20_000),
  stopTimeoutMs: orElse(wholeNumber(1, maxMs), 5_000),
  faultTimeoutMs: orElse(wholeNumber(1, maxMs), 5_000),
  requestTimeoutMs: orElse(wholeNumber(1, maxMs), 10_000),
  logLines: orElse(wholeNumber(1, 100_000), 2_000),
  signal: optional(abortSignal),
} satisfies Checks<ClusterOptions>

/** @throws InvalidOptionError */
export const resolveConfig = (options: ClusterOptions): ClusterConfig => {
  const checked = checkOptions(options, checks)
  const { env, ready } = checked
  return {
    ...checked,
    program: resolveProgram(checked),
    execPath: resolveExecPath(checked),
    names: checkNames(checked.nodes),
    env: typeof env === 'function' ? env : () => env,
    ready: typeof ready === 'function' ? ready : () => ready,
    place: checkedPlace(checked.place, checked.diskMb),
    faults: askedFaults(checked.faults, process.env['LOCAL_CLUSTER_FAULTS']),
    say: checked.say ?? sayOnce,
  }
}

/** Checks the name of a node that is to join `taken`. It becomes a folder's name. */
export const checkName = (option: string, name: string, taken: readonly string[]): string => {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(name)) {
    throw new InvalidOptionError(
      option,
      shown(name),
      'a letter or digit, then up to 62 letters, digits, dots, underscores or hyphens',
    )
  }
  if (taken.includes(name))
    throw new InvalidOptionError(option, shown(name), `a name not yet taken (${taken.join(', ')})`)
  if (taken.length >= maxNodes) throw new InvalidOptionError(option, shown(name), `at most ${maxNodes} nodes`)
  return name
}

const checkedPlace =
  (place: PlaceOf, diskMb: number | undefined): ClusterConfig['place'] =>
  (node) => {
    const fixed = checkOptions(place(node), placeChecks, 'place')
    if (fixed.dataDir !== undefined && diskMb !== undefined)
      throw new InvalidOptionError('place.dataDir', shown(fixed.dataDir), 'none where diskMb asks for a disk')
    const { port, dataDir } = fixed
    return { ...(port === undefined ? {} : { port }), ...(dataDir === undefined ? {} : { dataDir }) }
  }

const placeChecks = {
  port: optional(wholeNumber(1, 65_535)),
  dataDir: optional(text(1, mostCharacters)),
} satisfies Checks<FixedPlace>

const said = new Set<string>()

/** A test run starts many clusters; what is the same for all of them is said once. */
const sayOnce = (line: string): void => {
  if (said.has(line)) return
  said.add(line)
  process.stderr.write(`${line}\n`)
}

const checkNames = (nodes: number | readonly string[]): readonly string[] => {
  if (typeof nodes === 'number') {
    const count = wholeNumber(1, maxNodes)('nodes', nodes)
    return Array.from({ length: count }, (_, index) => `node-${index + 1}`)
  }
  if (nodes.length === 0) throw new InvalidOptionError('nodes', shown(nodes), `1 to ${maxNodes} names`)
  const names: string[] = []
  for (const name of nodes) names.push(checkName('nodes', name, names))
  return names
}
