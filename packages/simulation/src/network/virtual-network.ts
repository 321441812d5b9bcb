import { datagramTimes, reliableTime, type Conditions } from './conditions.ts'
import { createConnectivity, type Connectivity } from './connectivity.ts'
import { createWeather } from './weather.ts'
import { createMailbox, type HostState, type Mailbox } from './mailbox.ts'
import { createVirtualLinks, type DialResult, type LinkEnd } from './virtual-links.ts'
import type { Random } from '../random.ts'
import type { Clock } from '@grapevine/std'
import type { VirtualClock } from '../clock/virtual-clock.ts'

/** What a node is told. `linked` and `unlinked` only if it uses links. */
export interface HostListener<Message> {
  received(from: string, message: Message): void
  linked?(peer: string): void
  unlinked?(peer: string): void
}

/** One machine of the virtual network, with one program on it. */
export interface VirtualHost<Message> {
  readonly id: string
  readonly state: HostState
  /** A single packet: it may be lost, and may overtake another. */
  datagram(to: string, message: Message): void
  /** Opens a link, unless there is one. */
  dial(to: string, done?: (result: DialResult) => void): void
  /** On the link to that host: in order; late rather than lost. Without a link nothing is sent. */
  send(to: string, message: Message): void
  hangUp(to: string): void
  isLinked(to: string): boolean
  after(ms: number, task: () => void): () => void
  every(ms: number, task: () => void): () => void
  /** Its timers, for what takes a `Clock`: they wait while it is paused, and are gone when it has crashed. */
  readonly clock: Clock
  /** SIGSTOP: its timers and messages wait, its links stay open. */
  pause(): void
  /** SIGCONT: what waited happens now, in order, timers first. */
  resume(): void
  /** SIGKILL: nothing of it happens any more; peers see its links close, if they can hear it. */
  crash(): void
}

/** Knows neither what the messages mean nor what the nodes are. */
export interface VirtualNetwork<Message> extends Omit<Connectivity, 'hears'> {
  /** Adds a host; one that crashed is started again by adding it anew. */
  host(id: string, listener: HostListener<Message>): VirtualHost<Message>
  /**
   * Changes delay and loss from now on: everywhere, or of what one host sends to another. What is said of two hosts stands over
   * what is said of all.
   */
  conditions(changes: Partial<Conditions>, between?: { readonly from: string; readonly to: string }): void
  /** All conditions are again as they were at the beginning. */
  calm(): void
  /** True when both hear each other now. */
  connected(a: string, b: string): boolean
}

/** Something that arrived, or a link that one of the two sees open or gone. */
export type NetworkEvent<Message> =
  | { readonly kind: 'received'; readonly from: string; readonly to: string; readonly message: Message }
  | { readonly kind: 'linked' | 'unlinked'; readonly from: string; readonly to: string }

interface Host<Message> extends LinkEnd<Message> {
  readonly mailbox: Mailbox
}

export const createVirtualNetwork = <Message>(
  clock: VirtualClock,
  random: Random,
  initial: Partial<Conditions> = {},
  observe?: (event: NetworkEvent<Message>) => void,
): VirtualNetwork<Message> => {
  const hosts = new Map<string, Host<Message>>()
  const weather = createWeather(initial)
  const { hears, ...faults } = createConnectivity(() => links.rerouted())
  const links = createVirtualLinks<Message>({
    clock,
    random,
    conditions: weather.between,
    connectivity: { hears, ...faults },
    end: (id) => hosts.get(id),
    roundTrip: (a, b) =>
      reliableTime(weather.between(a, b), random) + reliableTime(weather.between(b, a), random),
  })

  const datagram = (from: string, to: string, message: Message): void => {
    for (const time of datagramTimes(weather.between(from, to), random))
      clock.after(time, () => {
        const target = hosts.get(to)
        if (target !== undefined && hears(to, from)) {
          target.mailbox.run(() => target.listener.received(from, message))
        }
      })
  }

  return {
    ...faults,
    connected: (a, b) => hears(a, b) && hears(b, a),
    conditions: (changes, between) => {
      weather.change(changes, between)
      links.rerouted()
    },
    calm: () => {
      weather.calm()
      links.rerouted()
    },
    host: (id, listener) => {
      const before = hosts.get(id)
      if (before !== undefined && before.mailbox.state !== 'crashed') throw new Error(`host ${id} is running`)
      const mailbox = createMailbox(clock)
      hosts.set(id, {
        id,
        mailbox,
        listener: observe === undefined ? listener : watched(id, listener, observe),
      })
      const runs = (): boolean => mailbox.state !== 'crashed'
      return {
        id,
        get state() {
          return mailbox.state
        },
        datagram: (to, message) => runs() && datagram(id, to, message),
        dial: (to, done = () => undefined) => runs() && links.dial(id, to, done),
        send: (to, message) => runs() && links.send(id, to, message),
        hangUp: (to) => links.hangUp(id, to),
        isLinked: (to) => links.isOpen(id, to),
        after: mailbox.after,
        every: mailbox.every,
        clock: { now: clock.now, after: mailbox.after },
        pause: mailbox.pause,
        resume: mailbox.resume,
        crash: () => {
          mailbox.crash()
          links.hangUpAll(id)
        },
      }
    },
  }
}

/** The listener, told after who looks on. */
const watched = <Message>(
  to: string,
  listener: HostListener<Message>,
  observe: (event: NetworkEvent<Message>) => void,
): HostListener<Message> => ({
  received: (from, message) => {
    observe({ kind: 'received', from, to, message })
    listener.received(from, message)
  },
  linked: (from) => {
    observe({ kind: 'linked', from, to })
    listener.linked?.(from)
  },
  unlinked: (from) => {
    observe({ kind: 'unlinked', from, to })
    listener.unlinked?.(from)
  },
})
