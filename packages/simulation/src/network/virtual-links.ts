import { createChannel, type Channel, type ChannelOptions } from './virtual-link.ts'
import type { Conditions } from './conditions.ts'
import type { Connectivity } from './connectivity.ts'
import type { Mailbox } from './mailbox.ts'

/** What the links need of a host. */
export interface LinkEnd<Message> {
  readonly id: string
  readonly mailbox: Mailbox
  readonly listener: {
    received(from: string, message: Message): void
    linked?(peer: string): void
    unlinked?(peer: string): void
  }
}

export type DialResult = 'open' | 'failed'

interface Link {
  readonly hosts: readonly [string, string]
  /** Who still holds it open: after a silent cut, or a close that has not arrived, perhaps one side only. */
  readonly open: Set<string>
  readonly channels: ReadonlyMap<string, Channel>
}

/** TCP-like links between hosts, at most one to a pair. */
export interface VirtualLinks<Message> {
  dial(from: string, to: string, done: (result: DialResult) => void): void
  send(from: string, to: string, message: Message): void
  hangUp(from: string, to: string): void
  /** The kernel closes what a dead process leaves; its peers hear of it if they can. */
  hangUpAll(host: string): void
  isOpen(host: string, peer: string): boolean
  rerouted(): void
}

export interface LinksOptions<Message> extends Omit<ChannelOptions, 'conditions' | 'isOpen' | 'timedOut'> {
  /** Of what `from` sends to `to`. */
  readonly conditions: (from: string, to: string) => Conditions
  readonly connectivity: Connectivity
  readonly end: (host: string) => LinkEnd<Message> | undefined
  readonly roundTrip: (from: string, to: string) => number
}

export const createVirtualLinks = <Message>(options: LinksOptions<Message>): VirtualLinks<Message> => {
  const { clock, connectivity, conditions, end } = options
  const links = new Map<string, Link>()
  const pair = (a: string, b: string): string => JSON.stringify(a < b ? [a, b] : [b, a])
  const linkOf = (a: string, b: string): Link | undefined => links.get(pair(a, b))

  const openChannel = (from: string, to: string): Channel => {
    const channel = createChannel({
      clock,
      random: options.random,
      conditions: () => conditions(from, to),
      isOpen: () => connectivity.hears(to, from),
      timedOut: () => {
        // A later link between the two is not to suffer for this one.
        if (linkOf(from, to)?.channels.get(from) !== channel) return
        close(from, to)
        close(to, from)
      },
    })
    return channel
  }

  const open = (a: string, b: string): void => {
    const before = linkOf(a, b)
    if (before?.open.size === 2) return
    for (const host of before?.open ?? []) close(host, host === a ? b : a)
    const channels = new Map([
      [a, openChannel(a, b)],
      [b, openChannel(b, a)],
    ])
    links.set(pair(a, b), { hosts: [a, b], open: new Set([a, b]), channels })
    for (const [host, peer] of [
      [a, b],
      [b, a],
    ] as const) {
      const party = end(host)
      party?.mailbox.run(() => party.listener.linked?.(peer))
    }
  }

  /** Closes one side of the link; the other side is told by `hangUp`, or by its own time-out. */
  const close = (host: string, peer: string): void => {
    const link = linkOf(host, peer)
    if (link === undefined || !link.open.delete(host)) return
    if (link.open.size === 0) links.delete(pair(host, peer))
    const party = end(host)
    party?.mailbox.run(() => party.listener.unlinked?.(peer))
  }

  const hangUp = (from: string, to: string): void => {
    const link = linkOf(from, to)
    if (link === undefined || !link.open.has(from)) return
    link.channels.get(from)?.push(() => {
      if (linkOf(from, to) === link) close(to, from)
    })
    close(from, to)
  }

  const isUp = (host: string): boolean => end(host)?.mailbox.state === 'running'

  return {
    dial: (from, to, done) => {
      const answer = (result: DialResult, wait: number): void => {
        clock.after(wait, () => end(from)?.mailbox.run(() => done(result)))
      }
      const { dialTimeout } = conditions(from, to)
      const bothWays = connectivity.hears(to, from) && connectivity.hears(from, to)
      if (!bothWays || end(to)?.mailbox.state === 'paused') {
        answer('failed', dialTimeout)
        return
      }
      const time = options.roundTrip(from, to)
      if (time > dialTimeout) {
        answer('failed', dialTimeout)
        return
      }
      clock.after(time, () => {
        if (isUp(to) && isUp(from)) open(from, to)
        answer(linkOf(from, to)?.open.has(from) === true ? 'open' : 'failed', 0)
      })
    },
    send: (from, to, message) => {
      const link = linkOf(from, to)
      if (link === undefined || !link.open.has(from)) return
      link.channels.get(from)?.push(() => {
        const party = end(to)
        if (party === undefined) return
        // What arrives for a side that has closed is answered by a reset.
        if (link.open.has(to)) party.mailbox.run(() => party.listener.received(from, message))
        else if (linkOf(from, to) === link && connectivity.hears(from, to)) close(from, to)
      })
    },
    hangUp,
    hangUpAll: (host) => {
      for (const {
        hosts: [a, b],
      } of links.values()) {
        if (a === host) hangUp(a, b)
        else if (b === host) hangUp(b, a)
      }
    },
    isOpen: (host, peer) => linkOf(host, peer)?.open.has(host) === true,
    rerouted: () => {
      for (const link of links.values()) for (const channel of link.channels.values()) channel.rerouted()
    },
  }
}
