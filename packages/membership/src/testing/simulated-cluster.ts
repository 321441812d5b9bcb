import { between, shuffled, type Simulation, type VirtualHost } from '@grapevine/simulation'
import { defaultTimings, type Timings } from '../config.ts'
import { initialState, type State } from '../core/state/state.ts'
import type { Effect, MembershipEvent, Notice } from '../core/state/effect.ts'
import type { Input } from '../core/state/input.ts'
import { createCoreRunner } from '../shell/core-runner.ts'
import { membersOf } from '../shell/members.ts'
import type { Member } from '../core/state/member.ts'
import type { Versions } from '../core/state/versions.ts'
import type { Proofs } from '../core/state/proofs.ts'
import type { Message } from '../core/state/messages.ts'

/** A member of a simulated cluster: the real core, on a virtual host. */
export interface SimulatedMember {
  readonly id: string
  readonly host: VirtualHost<Message>
  readonly state: State
  /** Everything that it told its application. */
  readonly events: readonly (MembershipEvent & { readonly at: number })[]
  readonly notices: readonly Notice[]
  /** Dials so far, by address. */
  readonly dials: ReadonlyMap<string, number>
  /** Messages sent so far. */
  readonly sent: number
  /** Milliseconds by which it holds others' clocks to be ahead of its own. */
  skews(): ReadonlyMap<string, number>
  /** Its clock is set, while it runs. */
  setClock(skew: number): void
  input(input: Input): void
  leave(): void
}

/** What makes a member different from others. */
export interface Persona {
  readonly name: string
  /** Milliseconds that its clock is ahead. */
  readonly skew: number
  readonly speaks?: Versions
}

export interface SimulatedCluster {
  readonly members: readonly SimulatedMember[]
  /** Those that run, in the order in which they were started. */
  live(): readonly SimulatedMember[]
  /** Starts a member that knows the addresses of these others; one of the same id comes back with its disk. */
  start(id: string, seeds: readonly string[], as?: Partial<Persona>): SimulatedMember
  /** Starts n1 to nN, each knowing up to three others at random. */
  startMany(count: number): void
  /** So many of the live ones, at random. */
  pick(count: number): readonly SimulatedMember[]
  find(id: string): SimulatedMember | undefined
}

export const simulatedAddress = (id: string): string => `/sim/${id}`

export const simulatedCluster = (
  simulation: Simulation<Message>,
  timings: Partial<Timings> = {},
): SimulatedCluster => {
  const members: SimulatedMember[] = []
  const incarnations = new Map<string, number>()
  const finalised = new Map<string, number>()

  const start = (id: string, seeds: readonly string[], as: Partial<Persona> = {}): SimulatedMember => {
    const incarnation = (incarnations.get(id) ?? 0) + 1_000
    incarnations.set(id, incarnation)
    const member = startMember(
      simulation,
      { id, name: id, skew: 0, ...as },
      { incarnation, finalised: finalised.get(id) ?? 1, keep: (version) => void finalised.set(id, version) },
      { ...defaultTimings, ...timings },
    )
    members.push(member)
    member.input({ type: 'configured', source: 'seeds', addresses: seeds.map(simulatedAddress) })
    return member
  }

  const live = (): readonly SimulatedMember[] => members.filter(({ host }) => host.state !== 'crashed')

  return {
    members,
    live,
    start,
    startMany: (count) => {
      for (let number = 1; number <= count; number += 1) {
        const others = shuffled(simulation.random, members).slice(0, 3)
        start(
          `n${number}`,
          others.map(({ id }) => id),
        )
      }
    },
    find: (id) => members.findLast((member) => member.id === id),
    pick: (count) => shuffled(simulation.random, live()).slice(0, count),
  }
}

/** Who holds an id's key can make these, and others can check them: a liar of the tests makes none for others. */
export const proofsOf = (id: string): Proofs => ({
  prove: (incarnation) => `${id} at ${incarnation}`,
  verify: (other, incarnation, proof) => proof === `${other} at ${incarnation}`,
})

/** What a member has on its disk. */
interface SimulatedDisk {
  readonly incarnation: number
  readonly finalised: number
  keep(finalised: number): void
}

const startMember = (
  { clock, network, random }: Simulation<Message>,
  { id, name, skew: atStart, speaks }: Persona & { readonly id: string },
  disk: SimulatedDisk,
  timings: Timings,
): SimulatedMember => {
  const events: (MembershipEvent & { at: number })[] = []
  const dials = new Map<string, number>()
  const notices: Notice[] = []
  let sent = 0
  let skew = atStart
  const self: Member = {
    id,
    name,
    incarnation: disk.incarnation,
    addresses: [simulatedAddress(id)],
    metadata: {},
    state: 'alive',
    ...(speaks === undefined ? {} : { speaks }),
  }
  const protocol = createCoreRunner(
    initialState(self, timings, random, clock.now(), {
      proofs: proofsOf(id),
      wallClock: () => clock.now() + skew,
      finalised: disk.finalised,
    }),
    clock.now,
  )
  const { handle } = protocol
  const host = network.host(id, {
    received: (from, message) => handle({ type: 'received', from, message }),
    linked: (peer) => handle({ type: 'linked', peer }),
    unlinked: (peer) => handle({ type: 'unlinked', peer }),
  })

  const dial = ({ target, addresses }: Extract<Effect, { type: 'dial' }>): void => {
    const address = addresses[0] ?? ''
    dials.set(address, (dials.get(address) ?? 0) + 1)
    const peer = address.split('/')[2] ?? ''
    if (peer === id) {
      host.after(0, () => handle({ type: 'dialled', target, outcome: { type: 'self' } }))
      return
    }
    host.dial(peer, (result) => {
      const outcome =
        result === 'open' ? ({ type: 'connected', peer } as const) : ({ type: 'failed' } as const)
      handle({ type: 'dialled', target, outcome })
    })
  }

  /** A disk takes its time, and a crash may come first. */
  const keep = (version: number): void => {
    host.after(between(random, 0, 200), () => {
      disk.keep(version)
      handle({ type: 'kept', version })
    })
  }

  const perform = (effect: Effect): void => {
    switch (effect.type) {
      case 'send':
        sent += 1
        return host.send(effect.to, effect.message)
      case 'hangUp':
        return host.hangUp(effect.peer)
      case 'keep':
        return keep(effect.version)
      case 'notify':
        notices.push(effect.notice)
        return
      case 'emit':
        events.push({ ...effect.event, at: clock.now() })
        return
      case 'dial':
        return dial(effect)
    }
  }

  protocol.run(perform)
  host.every(timings.tick, () => handle({ type: 'tick' }))

  return {
    id,
    host,
    events,
    dials,
    notices,
    input: handle,
    skews: () =>
      new Map(
        membersOf(protocol.state, clock.now()).flatMap((member) =>
          member.skew === undefined ? [] : [[member.id, member.skew] as const],
        ),
      ),
    setClock: (ahead) => {
      skew = ahead
    },
    get state() {
      return protocol.state
    },
    get sent() {
      return sent
    },
    leave: () => {
      handle({ type: 'leave' })
      host.after(50, () => host.crash())
    },
  }
}
