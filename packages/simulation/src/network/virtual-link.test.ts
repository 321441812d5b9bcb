import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { simulate, type Conditions, type Simulation, type VirtualHost } from '../index.ts'

type Side = 'a' | 'b'

/** On which link, of those that were opened one after the other, and as which message on it. */
interface Numbered {
  readonly link: number
  readonly message: number
}

interface Party {
  readonly host: VirtualHost<Numbered>
  /** How many messages were sent on each link; the last is the one that is open, if any is. */
  readonly sent: number[]
  readonly heard: Numbered[]
}

/** Two hosts, each of which numbers what it sends and keeps what it hears. */
const twoParties = ({ network }: Simulation<Numbered>): Record<Side, Party> => {
  const party = (id: Side): Party => {
    const sent: number[] = []
    const heard: Numbered[] = []
    const host = network.host(id, {
      received: (_from, numbered) => heard.push(numbered),
      linked: () => sent.push(0),
    })
    return { host, sent, heard }
  }
  return { a: party('a'), b: party('b') }
}

const other = (side: Side): Side => (side === 'a' ? 'b' : 'a')

const send = ({ host, sent }: Party): void => {
  const peer = host.id === 'a' ? 'b' : 'a'
  if (host.state !== 'running' || !host.isLinked(peer)) return
  const link = sent.length - 1
  const message = sent[link] ?? 0
  host.send(peer, { link, message })
  sent[link] = message + 1
}

type Step =
  | { readonly do: 'send' | 'cut' | 'pause' | 'resume' | 'hangUp'; readonly side: Side }
  | { readonly do: 'dial' | 'cutBoth' | 'heal' }
  | { readonly do: 'lose'; readonly share: number }
  | { readonly do: 'wait'; readonly ms: number }

const side = fc.constantFrom<Side>('a', 'b')
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('send' as const), side }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('cut' as const, 'pause', 'resume', 'hangUp'), side }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('dial', 'cutBoth', 'heal') }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('lose' as const), share: fc.constantFrom(0, 0.3, 0.95, 1) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.oneof(fc.nat(3), fc.nat(3_000)) }),
  },
)

const take = (next: Step, parties: Record<Side, Party>, { network, clock }: Simulation<Numbered>): void => {
  switch (next.do) {
    case 'send':
      return send(parties[next.side])
    case 'cut':
      return network.cutOneWay(next.side, other(next.side))
    case 'pause':
      return parties[next.side].host.pause()
    case 'resume':
      return parties[next.side].host.resume()
    case 'hangUp':
      return parties[next.side].host.hangUp(other(next.side))
    case 'dial':
      return parties.a.host.dial('b')
    case 'cutBoth':
      return network.cut('a', 'b')
    case 'heal':
      return network.heal()
    case 'lose':
      return network.conditions({ loss: next.share })
    case 'wait':
      return clock.advance(next.ms)
  }
}

const histories = fc.record({ seed: fc.nat(2 ** 31), steps: fc.array(step, { maxLength: 60 }) })

const live = (
  { seed, steps }: { readonly seed: number; readonly steps: readonly Step[] },
  conditions: Partial<Conditions>,
  judge: (parties: Record<Side, Party>) => void,
): void =>
  simulate<Numbered>({ seed, conditions: { linkTimeout: 5_000, ...conditions } }, (simulation) => {
    const parties = twoParties(simulation)
    parties.a.host.dial('b')
    simulation.clock.advance(10)
    for (const next of steps) take(next, parties, simulation)
    simulation.network.heal()
    simulation.network.conditions({ loss: 0 })
    for (const each of Object.values(parties)) each.host.resume()
    simulation.clock.advance(60_000)
    judge(parties)
  })

test('what arrives on a link is what was sent on it, in order and without a gap; all of it if it stays open', () => {
  fc.assert(
    fc.property(histories, (history) =>
      live(history, {}, (parties) => {
        for (const from of [parties.a, parties.b]) {
          const to = from === parties.a ? parties.b : parties.a
          for (const [link, count] of from.sent.entries()) {
            const arrived = to.heard.filter((numbered) => numbered.link === link)
            expect(arrived.map(({ message }) => message)).toEqual(arrived.map((_, index) => index))
            const isOpen = from.host.isLinked(to.host.id) && to.host.isLinked(from.host.id)
            const due = isOpen && link === from.sent.length - 1 ? count : 0
            expect(arrived.length).toBeGreaterThanOrEqual(due)
          }
          const links = to.heard.map(({ link }) => link)
          expect(links.toSorted((one, another) => one - another)).toEqual(links)
        }
      }),
    ),
    { numRuns: 500 },
  )
})

test('where loss drops messages, those that arrive are still in order', () => {
  fc.assert(
    fc.property(histories, (history) =>
      live(history, { lossOnLinks: 'drops' }, ({ a, b }) => {
        for (const { heard } of [a, b]) {
          const keys = heard.map(({ link, message }) => link * 1_000 + message)
          expect(keys.toSorted((one, another) => one - another)).toEqual(keys)
        }
      }),
    ),
    { numRuns: 300 },
  )
})

test('what was sent after a message that the cut holds up does not overtake it when the cut is healed', () =>
  simulate<Numbered>({ seed: 1, conditions: { delay: [10, 10] } }, (simulation) => {
    const { a, b } = twoParties(simulation)
    const { clock, network } = simulation
    a.host.dial('b')
    clock.advance(30)
    send(a)
    clock.advance(5)
    network.cut('a', 'b')
    send(a)
    clock.advance(6) // the first is held, the second is in flight
    network.heal()
    clock.advance(30_000)
    expect(b.heard.map(({ message }) => message)).toEqual([0, 1])
  }))

test('where every packet is lost nothing arrives, a dial fails, and links break; what waits goes on when that ends', () =>
  simulate<Numbered>({ seed: 1, conditions: { linkTimeout: 5_000 } }, (simulation) => {
    const { a, b } = twoParties(simulation)
    const { clock, network } = simulation
    a.host.dial('b')
    clock.advance(10)
    network.conditions({ loss: 1 })
    send(a)
    clock.advance(4_000)
    expect([b.heard.length, a.host.isLinked('b')]).toEqual([0, true])
    network.conditions({ loss: 0 })
    clock.advance(5_000)
    expect([b.heard.length, a.host.isLinked('b')]).toEqual([1, true])

    network.conditions({ loss: 1 })
    send(a)
    clock.advance(5_001)
    expect([a.host.isLinked('b'), b.host.isLinked('a')]).toEqual([false, false])
    let dialled = ''
    a.host.dial('b', (result) => (dialled = result))
    clock.advance(2_001)
    expect(dialled).toBe('failed')
  }))

test('what a link that both sides gave up still held does not break the next one', () =>
  simulate<Numbered>({ seed: 1 }, (simulation) => {
    const { a, b } = twoParties(simulation)
    const { clock, network } = simulation
    a.host.dial('b')
    clock.advance(10)
    network.cut('a', 'b')
    send(a)
    clock.advance(1_000)
    a.host.hangUp('b')
    b.host.hangUp('a')
    network.heal()
    a.host.dial('b')
    clock.advance(60_000)
    expect([a.host.isLinked('b'), b.host.isLinked('a'), b.sent.length]).toEqual([true, true, 2])
  }))
