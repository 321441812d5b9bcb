import { checkKeys } from './check-keys.ts'
import { checkNumber } from './check-number.ts'
import { OptionError } from './errors.ts'
import { askedFaults, type AskedFaults, type FaultsOption } from './faults/driver-choice.ts'
import { resolveProgram, type Program } from './process/program.ts'

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
   * JavaScript file that each node runs with this same Node.js. A relative path starts at the working directory. Either
   * this or `command`.
   */
  entry?: string | URL
  /**
   * A program in any language and its arguments, found in `PATH`. It takes its place from the variables. Faults on its
   * links need namespaces, and its clock cannot be set. Either this or `entry`.
   */
  command?: readonly string[]
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

/** Every option there is; the compiler sees to it. */
const optionNames: Readonly<Record<keyof ClusterOptions, true>> = {
  entry: true,
  command: true,
  args: true,
  nodes: true,
  env: true,
  ready: true,
  place: true,
  onLine: true,
  faults: true,
  say: true,
  diskMb: true,
  startTimeoutMs: true,
  stopTimeoutMs: true,
  faultTimeoutMs: true,
  requestTimeoutMs: true,
  logLines: true,
  signal: true,
}

const maxNodes = 64
const maxMs = 600_000

export const resolveConfig = (options: ClusterOptions): ClusterConfig => {
  checkKeys(options, Object.keys(optionNames))
  const { env = {}, ready = '/readyz' } = options
  return {
    program: resolveProgram(options),
    names: checkNames(options.nodes),
    env: typeof env === 'function' ? env : () => env,
    ready: typeof ready === 'function' ? ready : () => ready,
    place: checkedPlace(options),
    onLine: options.onLine ?? (() => undefined),
    faults: askedFaults(options.faults, process.env['LOCAL_CLUSTER_FAULTS']),
    say: options.say ?? sayOnce,
    diskMb: options.diskMb === undefined ? undefined : checkNumber('diskMb', options.diskMb, 1, 4_096),
    startTimeoutMs: checkNumber('startTimeoutMs', options.startTimeoutMs ?? 20_000, 100, maxMs),
    stopTimeoutMs: checkNumber('stopTimeoutMs', options.stopTimeoutMs ?? 5_000, 1, maxMs),
    faultTimeoutMs: checkNumber('faultTimeoutMs', options.faultTimeoutMs ?? 5_000, 1, maxMs),
    requestTimeoutMs: checkNumber('requestTimeoutMs', options.requestTimeoutMs ?? 10_000, 1, maxMs),
    logLines: checkNumber('logLines', options.logLines ?? 2_000, 1, 100_000),
  }
}

/** Checks the name of a node that is to join `taken`. It becomes a folder's name. */
export const checkName = (option: string, name: string, taken: readonly string[]): string => {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(name)) {
    throw new OptionError(
      option,
      name,
      'a letter or digit, then up to 62 letters, digits, dots, underscores or hyphens',
    )
  }
  if (taken.includes(name)) throw new OptionError(option, name, `a name not yet taken (${taken.join(', ')})`)
  if (taken.length >= maxNodes) throw new OptionError(option, name, `at most ${maxNodes} nodes`)
  return name
}

const checkedPlace =
  ({ place = () => ({}), diskMb }: ClusterOptions): ClusterConfig['place'] =>
  (node) => {
    const fixed = place(node)
    if (fixed.port !== undefined) checkNumber('place', fixed.port, 1, 65_535)
    if (fixed.dataDir !== undefined && diskMb !== undefined)
      throw new OptionError('place', fixed.dataDir, 'no dataDir where diskMb asks for a disk')
    return fixed
  }

const said = new Set<string>()

/** A test run starts many clusters; what is the same for all of them is said once. */
const sayOnce = (line: string): void => {
  if (said.has(line)) return
  said.add(line)
  process.stderr.write(`${line}\n`)
}

const checkNames = (nodes: number | readonly string[]): readonly string[] => {
  if (typeof nodes === 'number') {
    const count = checkNumber('nodes', nodes, 1, maxNodes)
    return Array.from({ length: count }, (_, index) => `node-${index + 1}`)
  }
  if (nodes.length === 0) throw new OptionError('nodes', nodes, `1 to ${maxNodes} names`)
  const names: string[] = []
  for (const name of nodes) names.push(checkName('nodes', name, names))
  return names
}
