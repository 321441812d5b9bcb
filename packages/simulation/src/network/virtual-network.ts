import { defaultConditions, packetTime, reliableTime, type Conditions } from './conditions.ts'
import { createConnectivity, type Connectivity } from './connectivity.ts'
import { createMailbox, type HostState, type Mailbox } from './mailbox.ts'
import { createVirtualLinks, type DialResult, type LinkEnd } from './virtual-links.ts'
import type { Random } from '../random.ts'
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
  /** Changes delay and loss from now on. */
  conditions(changes: Partial<Conditions>): void
  /** True when both hear each other now. */
  connected(a: string, b: string): boolean
}

interface Host<Message> extends LinkEnd<Message> {
  readonly mailbox: Mailbox
}

export const createVirtualNetwork = <Message>(
  clock: VirtualClock,
  random: Random,
  initial: Partial<Conditions> = {},
): VirtualNetwork<Message> => {
  const hosts = new Map<string, Host<Message>>()
  let conditions: Conditions = { ...defaultConditions, ...initial }
  const { hears, ...faults } = createConnectivity(() => links.rerouted())
  const links = createVirtualLinks<Message>({
    clock,
    random,
    conditions: () => conditions,
    connectivity: { hears, ...faults },
    end: (id) => hosts.get(id),
    roundTrip: () => reliableTime(conditions, random) + reliableTime(conditions, random),
  })

  const datagram = (from: string, to: string, message: Message): void => {
    const time = packetTime(conditions, random)
    if (time === undefined) return
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
    conditions: (changes) => {
      conditions = { ...conditions, ...changes }
      links.rerouted()
    },
    host: (id, listener) => {
      const before = hosts.get(id)
      if (before !== undefined && before.mailbox.state !== 'crashed') throw new Error(`host ${id} is running`)
      const mailbox = createMailbox(clock)
      hosts.set(id, { id, mailbox, listener })
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
