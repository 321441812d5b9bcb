import type { ControlLink } from './control-link.ts'
import type { Link } from './links.ts'

/** What a node's process must be started with so that a driver can reach it. */
export interface Launch {
  /** Flags for Node.js itself. */
  readonly execArgv: readonly string[]
  /** Variables besides the node's own. */
  readonly env: Readonly<Record<string, string>>
}

/**
 * A way to cut links between nodes. There is one so far, inside the processes (`inProcessDriver`). Network namespaces
 * and a TCP proxy fit the same port: which links are forbidden is decided elsewhere (`links.ts`).
 */
export interface FaultDriver {
  /** Asked before each start of a node's process, so that what is cut is cut from its first instant. */
  launch(node: string): Launch
  /** Told after each start of a node's process. */
  attach(node: string, link: ControlLink): void
  /**
   * Forbids exactly these links, and no others. Resolves when that is in force on every node that runs. A paused
   * node is not waited for: it learns of it when it is resumed, and the other end of each link refuses it meanwhile.
   *
   * @throws FaultTimeoutError if a node did not confirm it in time.
   * @throws NoMemberError if there is nothing in a node that could be cut.
   */
  apply(links: readonly Link[]): Promise<void>
  /** Resolves when what was applied last is in force on every node that runs, also on those that started since. */
  settled(): Promise<void>
}
