import { wholeBetween } from '@grapevine/simulation'
import { expect, test, vi } from 'vitest'
import { limits } from '../limits.ts'
import { inEachSeed, type World } from '../testing/simulated-world.ts'
import type { SimulatedMember } from '../testing/simulated-cluster.ts'
import type { Statement } from './state/statement.ts'
import type { MemberState } from './state/member.ts'

// More seeds with SEEDS=10, one with SEED=42.
vi.setConfig({ testTimeout: 600_000 })

const oneOf = <T>(items: readonly T[], random: () => number): T | undefined =>
  items[Math.floor(random() * items.length)]

/** Anything that a member with the secret can send: of anybody, at any incarnation, with any proof that it ever saw. */
const lie = ({ cluster, random }: World, liar: SimulatedMember): Statement | undefined => {
  const victim = oneOf(cluster.members, random)
  if (victim === undefined) return undefined
  const truth = victim.id === liar.id ? liar.state.self : liar.state.peers.get(victim.id)?.member
  if (truth === undefined) return undefined
  const { proof: replayed, accusers: _item, ...rest } = truth
  const incarnation = oneOf(
    [
      truth.incarnation,
      truth.incarnation + 1,
      limits.unprovenIncarnation,
      limits.incarnation - 1,
      limits.incarnation,
    ],
    random,
  )
  const proof = oneOf([undefined, replayed, 'forged'], random)
  const state = oneOf<MemberState>(['alive', 'suspect', 'down', 'left'], random) ?? 'down'
  return { ...rest, state, incarnation: incarnation ?? 0, ...(proof === undefined ? {} : { proof }) }
}

/** Which of the honest do not hold, or do not reach, an honest one. */
const wronged = ({ cluster }: World, liar: string): readonly string[] => {
  const honest = cluster.live().filter(({ id }) => id !== liar)
  return honest.flatMap(({ id, state }) =>
    honest.flatMap((other) => {
      const held = state.peers.get(other.id)?.member.state
      if (other.id === id || (held === 'alive' && state.reachable.has(other.id))) return []
      return [`${id} holds ${other.id} to be ${held}`]
    }),
  )
}

test('H4: whatever a member says of itself and of others, within 10 s all others are linked to each other', () => {
  inEachSeed(300, {}, (world) => {
    const { cluster, clock, random } = world
    cluster.startMany(wholeBetween(random, 3, 16))
    clock.advance(3_000)
    const [liar, victim] = cluster.pick(2)
    if (liar === undefined || victim === undefined) return
    for (let told = 0; told < 40; told += 1) {
      const statements = [lie(world, liar), lie(world, liar)].flatMap((statement) => statement ?? [])
      for (const peer of liar.state.links)
        if (random() < 0.5) liar.host.send(peer, { type: 'gossip', statements })
      clock.advance(50)
    }
    // Who was lied about comes back from its own disk, and is a member again.
    victim.host.crash()
    clock.advance(500)
    cluster.start(
      victim.id,
      cluster.live().map(({ id }) => id),
    )
    clock.advance(10_000)
    expect(wronged(world, liar.id)).toEqual([])
    for (const { state } of cluster.live())
      expect(state.self.incarnation).toBeLessThan(limits.incarnation / 2)
  })
})

test('who sends a proof that is none loses its link, and is told of once', () => {
  inEachSeed(20, {}, (world) => {
    const { cluster, clock } = world
    cluster.startMany(4)
    clock.advance(3_000)
    const [liar, victim, other] = cluster.pick(3)
    const truth = liar?.state.peers.get(victim?.id ?? '')?.member
    if (liar === undefined || victim === undefined || other === undefined || truth === undefined) return
    const forged: Statement = {
      ...truth,
      state: 'down',
      incarnation: truth.incarnation + 1_000,
      proof: 'forged',
    }
    liar.host.send(other.id, { type: 'gossip', statements: [forged] })
    clock.advance(1_000)
    expect(other.notices).toEqual([{ type: 'liar', peer: liar.id }])
    expect(other.state.links.has(liar.id)).toBe(false)
    expect(other.state.peers.get(victim.id)?.member).toMatchObject({
      state: 'alive',
      incarnation: truth.incarnation,
    })
    clock.advance(15_000)
    expect(other.state.links.has(liar.id)).toBe(true)
  })
})
