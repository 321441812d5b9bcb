import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { OptionError } from './errors.ts'

/** Where a node lives. It keeps its place through restarts. */
export interface NodePlace {
  readonly name: string
  /** Position in `cluster.nodes`, from 0. */
  readonly index: number
  /** A port on 127.0.0.1 for its HTTP server. */
  readonly port: number
  /** A folder of its own, made empty before the first start. */
  readonly dataDir: string
}

/** Variables for the child: the same for all nodes, or made for each. */
export type NodeEnv =
  | Readonly<Record<string, string>>
  | ((place: NodePlace) => Readonly<Record<string, string>>)

export interface ClusterOptions {
  /** JavaScript file that each node runs with this same Node.js. A relative path starts at the working directory. */
  entry: string | URL
  /** Arguments after the file. @default [] */
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
  readonly entry: string
  readonly args: readonly string[]
  readonly names: readonly string[]
  readonly env: (place: NodePlace) => Readonly<Record<string, string>>
  readonly ready: (place: NodePlace) => string
  readonly startTimeoutMs: number
  readonly stopTimeoutMs: number
  readonly faultTimeoutMs: number
  readonly requestTimeoutMs: number
  readonly logLines: number
}

const MAX_NODES = 64
const MAX_MS = 600_000

export function resolveConfig(options: ClusterOptions): ClusterConfig {
  const { env = {}, ready = '/readyz' } = options
  return {
    entry: checkEntry(options.entry),
    args: options.args ?? [],
    names: checkNames(options.nodes),
    env: typeof env === 'function' ? env : () => env,
    ready: typeof ready === 'function' ? ready : () => ready,
    startTimeoutMs: checkNumber('startTimeoutMs', options.startTimeoutMs ?? 20_000, 100, MAX_MS),
    stopTimeoutMs: checkNumber('stopTimeoutMs', options.stopTimeoutMs ?? 5_000, 1, MAX_MS),
    faultTimeoutMs: checkNumber('faultTimeoutMs', options.faultTimeoutMs ?? 5_000, 1, MAX_MS),
    requestTimeoutMs: checkNumber('requestTimeoutMs', options.requestTimeoutMs ?? 10_000, 1, MAX_MS),
    logLines: checkNumber('logLines', options.logLines ?? 2_000, 1, 100_000),
  }
}

/** Checks the name of a node that is to join `taken`. It becomes a folder's name. */
export function checkName(option: string, name: string, taken: readonly string[]): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(name)) {
    throw new OptionError(
      option,
      name,
      'a letter or digit, then up to 62 letters, digits, dots, underscores or hyphens',
    )
  }
  if (taken.includes(name)) throw new OptionError(option, name, `a name not yet taken (${taken.join(', ')})`)
  if (taken.length >= MAX_NODES) throw new OptionError(option, name, `at most ${MAX_NODES} nodes`)
  return name
}

export function checkNumber(option: string, seen: number, least: number, most: number): number {
  if (!Number.isInteger(seen) || seen < least || seen > most) {
    throw new OptionError(option, seen, `a whole number from ${least} to ${most}`)
  }
  return seen
}

function checkEntry(entry: string | URL): string {
  if (entry instanceof URL && entry.protocol !== 'file:') {
    throw new OptionError('entry', entry.href, 'a path or a file: URL')
  }
  const path = entry instanceof URL ? fileURLToPath(entry) : resolve(entry)
  if (!existsSync(path)) throw new OptionError('entry', path, 'a file that exists')
  return path
}

function checkNames(nodes: number | readonly string[]): readonly string[] {
  if (typeof nodes === 'number') {
    const count = checkNumber('nodes', nodes, 1, MAX_NODES)
    return Array.from({ length: count }, (_, index) => `node-${index + 1}`)
  }
  if (nodes.length === 0) throw new OptionError('nodes', nodes, `1 to ${MAX_NODES} names`)
  const names: string[] = []
  for (const name of nodes) names.push(checkName('nodes', name, names))
  return names
}
