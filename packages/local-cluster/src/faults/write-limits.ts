import { codeOf, serialQueue } from '@grapevine/std'
import type { ClusterNode } from '../cluster-node.ts'
import { NodeStateError, SystemCommandError, UnsupportedFaultError } from '../errors.ts'
import { systemCommand } from '../process/system-command.ts'

/** Makes writes to files fail, by the limit that the system has for the size of files. Calls take their turn. */
export interface WriteLimits {
  /**
   * Every write of the node's running process to a file fails from now on with EFBIG, if it ignores SIGXFSZ as Node.js and
   * Python do; by default that signal ends it. A process started later is not subject to it.
   *
   * @throws NodeStateError if its process is gone
   * @throws UnsupportedFaultError if there is no `prlimit`
   */
  refuse(node: ClusterNode): Promise<void>
  /** The limits are what they were. All are tried; the first failure is thrown, and tried again at the next call. */
  lift(): Promise<void>
}

/** The part of a node that a limit is put on. */
type Limited = Pick<ClusterNode, 'name' | 'pid' | 'state'>

interface Refused {
  readonly node: Limited
  /** The limit that it had, such as `unlimited`. */
  readonly before: string
}

export const createWriteLimits = (run: typeof systemCommand = systemCommand): WriteLimits => {
  const refused = new Map<number, Refused>()
  /** Only the soft limit, which whoever runs the process may raise again. */
  const prlimit = async (pid: number, ...args: string[]): Promise<string> =>
    await run('prlimit', ['--pid', String(pid), ...args]).catch(unsupportedIfMissing)
  const lift = async ({ node, before }: Refused, pid: number): Promise<void> => {
    if (isThere(node, pid)) await prlimit(pid, `--fsize=${before}:`).catch(unlessGone(node, pid))
    refused.delete(pid)
  }
  const refuse = async (node: Limited): Promise<void> => {
    const { pid } = node
    if (node.state.kind === 'exited') throw new NodeStateError(node.name, 'fail the disk of', 'exited')
    if (refused.has(pid)) return
    const before = await prlimit(pid, '--fsize', '--output=SOFT', '--noheadings', '--raw')
    refused.set(pid, { node, before: before.trim() })
    await prlimit(pid, '--fsize=0:')
  }
  const liftAll = async (): Promise<void> => {
    const failures: unknown[] = []
    for (const [pid, limited] of refused)
      await lift(limited, pid).catch((error: unknown) => failures.push(error))
    if (failures.length > 0) throw failures[0]
  }

  // What one call sets another would take for the limit of before.
  const inTurn = serialQueue()
  return {
    refuse: async (node) => await inTurn(async () => await refuse(node)),
    lift: async () => await inTurn(liftAll),
  }
}

const unsupportedIfMissing: (error: unknown) => never = (error: unknown): never => {
  const cause = error instanceof SystemCommandError ? error.cause : undefined
  if (codeOf(cause) === 'ENOENT') throw new UnsupportedFaultError('fail a disk', 'none', 'Linux with prlimit')
  throw error
}

const isThere = (node: Limited, pid: number): boolean => node.pid === pid && node.state.kind !== 'exited'

/** A process that ended meanwhile has no limit to lift. */
const unlessGone =
  (node: Limited, pid: number): ((error: unknown) => void) =>
  (error) => {
    if (isThere(node, pid)) throw error
  }
