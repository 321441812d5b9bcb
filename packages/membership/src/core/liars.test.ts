import { wholeBetween } from '@grapevine/simulation'
import { expect, test, vi } from 'vitest'
import { defaultTimings } from '../config.ts'
import { limits } from '../limits.ts'
import { tellLies, wronged } from '../testing/lies.ts'
import { inEachSeed } from '../testing/simulated-world.ts'
import type { Statement } from './state/statement.ts'

// `pnpm verify seeds` runs ten times as many (SEEDS=10); one with SEED=42.
vi.setConfig({ testTimeout: 600_000 })

test('H4: whatever a member says of itself and of others, within 10 s all others are linked to each other', () => {
  inEachSeed(30, {}, (world) => {
    const { cluster, clock, random } = world
    cluster.startMany(wholeBetween(random, 3, 16))
    clock.advance(3_000)
    const [liar, victim] = cluster.pick(2)
    if (liar === undefined || victim === undefined) return
    for (let told = 0; told < 40; told += 1) {
      tellLies(world, liar)
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
    expect(wronged(world, [liar.id], defaultTimings.fullMesh)).toEqual([])
    for (const { state } of cluster.live())
      expect(state.self.incarnation).toBeLessThan(limits.incarnation / 2)
  })
})

test('who sends a proof that is none loses its link, and is told of once', () => {
  inEachSeed(5, {}, (world) => {
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

test('a forged proof of what is known is not passed on: who joins takes nobody for a liar but the liar', () => {
  inEachSeed(10, {}, ({ cluster, clock }) => {
    cluster.startMany(4)
    clock.advance(3_000)
    const [liar, victim, other] = cluster.pick(3)
    const truth = liar?.state.peers.get(victim?.id ?? '')?.member
    if (liar === undefined || victim === undefined || other === undefined || truth === undefined) return
    victim.host.crash()
    const forged: Statement = { ...truth, state: 'down', proof: 'forged' }
    for (const peer of liar.state.links) liar.host.send(peer, { type: 'gossip', statements: [forged] })
    clock.advance(500)
    const late = cluster.start('late', [other.id])
    clock.advance(5_000)
    expect(late.notices.filter((notice) => 'peer' in notice && notice.peer !== liar.id)).toEqual([])
    expect(late.state.reachable.has(other.id)).toBe(true)
  })
})
