import { EventEmitter, once } from 'node:events'
import type { ControlLink } from './control-link.ts'
import { BLOCKED_VARIABLE, MEMBERSHIP_CHANNEL, type Report } from './control-protocol.ts'
import { FaultTimeoutError, NoMemberError } from './errors.ts'
import type { FaultDriver } from './fault-driver.ts'
import { forbiddenPeers, type Link } from './links.ts'

export interface InProcessDriverOptions {
  /** The compiled preload. */
  preload: URL
  /** How long the nodes may take to confirm, in milliseconds. */
  timeoutMs: number
}

/** One running process, and how far it has confirmed what it was told. */
interface Host {
  readonly link: ControlLink
  ids: readonly string[]
  sent: number
  confirmed: number
}

/**
 * Cuts links from within: the preload in each process refuses and aborts the connections of the members that it holds.
 * It works anywhere and needs no rights. What it cannot do is lose packets in silence: both ends see a closed connection.
 */
export function inProcessDriver({ preload, timeoutMs }: InProcessDriverOptions): FaultDriver {
  const hosts = new Map<string, Host>()
  /** All peer ids that a node ever announced: when it comes back it has the same one. */
  const members = new Map<string, Set<string>>()
  const changes = new EventEmitter().setMaxListeners(0)
  let links: readonly Link[] = []

  const blockedFor = (node: string): string[] =>
    forbiddenPeers(links, node)
      .flatMap((peer) => [...(members.get(peer) ?? [])])
      .sort()

  const tell = (node: string, host: Host): void => {
    host.ids = blockedFor(node)
    host.link.send({ type: 'local-cluster:block', seq: ++host.sent, ids: host.ids })
  }

  const tellWhoIsConcerned = (): void => {
    for (const [node, host] of hosts) if (blockedFor(node).join() !== host.ids.join()) tell(node, host)
  }

  const hear = (node: string, host: Host, report: Report): void => {
    switch (report.type) {
      case 'local-cluster:blocked':
        host.confirmed = Math.max(host.confirmed, report.seq)
        return
      case 'local-cluster:member':
        members.set(node, (members.get(node) ?? new Set()).add(report.id))
        tellWhoIsConcerned()
    }
  }

  const lagging = (): string[] =>
    [...hosts].filter(([, host]) => host.link.answering && host.confirmed < host.sent).map(([node]) => node)

  const settled = async (): Promise<void> => {
    const timeOut = AbortSignal.timeout(timeoutMs)
    while (lagging().length > 0) {
      if (timeOut.aborted) throw new FaultTimeoutError(lagging(), timeoutMs)
      await changeOrAbort(changes, timeOut)
    }
  }

  /** Only asked once every node has answered: what it announced before its answer is known by then. */
  const checkMembers = (): void => {
    const concerned = [...hosts].filter(
      ([node, host]) => host.link.answering && forbiddenPeers(links, node).length > 0,
    )
    const without = concerned.map(([node]) => node).filter((node) => !members.has(node))
    if (without.length > 0) throw new NoMemberError(without, MEMBERSHIP_CHANNEL)
  }

  return {
    launch: (node) => ({
      execArgv: ['--import', preload.href],
      env: { [BLOCKED_VARIABLE]: JSON.stringify(blockedFor(node)) },
    }),
    attach: (node, link) => {
      const host: Host = { link, ids: [], sent: 0, confirmed: 0 }
      hosts.set(node, host)
      link.listen((event) => {
        if (event.kind === 'report') hear(node, host, event.report)
        changes.emit('change')
      })
      // What it was launched with may have changed while it was being started.
      tell(node, host)
    },
    apply: async (forbidden) => {
      links = forbidden
      for (const [node, host] of hosts) tell(node, host)
      await settled()
      checkMembers()
    },
    settled,
  }
}

async function changeOrAbort(changes: EventEmitter, signal: AbortSignal): Promise<void> {
  try {
    await once(changes, 'change', { signal })
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
