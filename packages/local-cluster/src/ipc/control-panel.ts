import { EventEmitter, once } from 'node:events'
import type { ControlLink } from './control-link.ts'
import { noOrders, type NodeOrders, type Report } from './control-protocol.ts'
import { FaultTimeoutError } from '../errors.ts'

/** The orders of all nodes, and how far their processes have confirmed them. */
export interface ControlPanel {
  /** What a node's next process must obey from its first instant. */
  orders(node: string): NodeOrders
  /** Changes some of a node's orders. If nothing changes by it, nothing is sent. */
  order(node: string, change: Partial<NodeOrders>): void
  /** Told after each start of a node's process. */
  attach(node: string, link: ControlLink): void
  /** Has a node's process confirm its orders once more: what it told before that has arrived then. */
  ask(node: string): void
  /** Hears what the processes report of themselves. */
  listen(listener: (node: string, report: Report) => void): void
  /**
   * Resolves when every running node has confirmed its orders, or the one that is named. A paused node is not waited for:
   * it learns of them when it is resumed; nor is one that is being started: it has confirmed them when it is ready.
   *
   * @throws FaultTimeoutError if a node did not confirm in time.
   */
  settled(node?: string): Promise<void>
}

/** One running process, and how far it has confirmed what it was told. */
interface Host {
  readonly link: ControlLink
  sent: number
  confirmed: number
}

export const createControlPanel = ({ timeoutMs }: { timeoutMs: number }): ControlPanel => {
  const hosts = new Map<string, Host>()
  const standing = new Map<string, NodeOrders>()
  const listeners = new Set<(node: string, report: Report) => void>()
  const changes = new EventEmitter().setMaxListeners(0)
  const orders = (node: string): NodeOrders => standing.get(node) ?? noOrders

  const tell = (node: string, host: Host): void =>
    host.link.send({ type: 'local-cluster:orders', seq: ++host.sent, orders: orders(node) })

  const hear = (node: string, host: Host, report: Report): void => {
    if (report.type === 'local-cluster:obeyed') host.confirmed = Math.max(host.confirmed, report.seq)
    for (const listener of listeners) listener(node, report)
  }

  const lagging = (only?: string): string[] =>
    [...hosts].flatMap(([node, { link, sent, confirmed }]) =>
      link.answering && confirmed < sent && node === (only ?? node) ? node : [],
    )

  return {
    orders,
    order: (node, change) => {
      const next = { ...orders(node), ...change }
      if (JSON.stringify(next) === JSON.stringify(orders(node))) return
      standing.set(node, next)
      const host = hosts.get(node)
      if (host !== undefined) tell(node, host)
    },
    attach: (node, link) => {
      const host: Host = { link, sent: 0, confirmed: 0 }
      hosts.set(node, host)
      link.listen((event) => {
        if (event.kind === 'report') hear(node, host, event.report)
        changes.emit('change')
      })
      // What it was launched with may have changed while it was being started.
      tell(node, host)
    },
    ask: (node) => {
      const host = hosts.get(node)
      if (host !== undefined) tell(node, host)
    },
    listen: (listener) => void listeners.add(listener),
    settled: async (node) => {
      const timeOut = AbortSignal.timeout(timeoutMs)
      while (lagging(node).length > 0) {
        if (timeOut.aborted) throw new FaultTimeoutError(lagging(node), timeoutMs)
        await changeOrAbort(changes, timeOut)
      }
    },
  }
}

const changeOrAbort = async (changes: EventEmitter, signal: AbortSignal): Promise<void> => {
  try {
    await once(changes, 'change', { signal })
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
