import { between, wholeBetween } from '@grapevine/simulation'
import { describe, expect, test } from 'vitest'
import { defaultTimings } from '../../config.ts'
import { member } from '../../testing/lone-member.ts'
import { inEachSeed, rightWithin, type World } from '../../testing/simulated-world.ts'
import { decodeMessage, encodeMessage } from '../state/messages.ts'
import { initialState } from '../state/state.ts'
import { step } from '../step.ts'
import { upgradeStatus } from './upgrade.ts'
import type { Versions } from '../state/versions.ts'

const speaking = (highest: number, lowest = 1): { readonly speaks: Versions } => ({
  speaks: { protocols: [lowest, highest], gates: [1], features: [] },
})

const finalisedOf = ({ cluster }: World): readonly number[] =>
  cluster.live().map(({ state }) => state.upgrade.finalised)

const startAll = ({ cluster }: World, versions: Readonly<Record<string, number>>): void => {
  const ids = Object.keys(versions)
  for (const [id, highest] of Object.entries(versions)) cluster.start(id, ids, speaking(highest))
}

test('without an operator nothing is finalised, however long all speak the newer version', () => {
  inEachSeed(5, {}, (world) => {
    startAll(world, { a: 3, b: 3, c: 3 })
    world.clock.advance(600_000)
    expect(finalisedOf(world)).toEqual([1, 1, 1])
  })
})

test('while a member speaks an older version, or is not there to be asked, nothing is finalised, and it is named', () => {
  inEachSeed(10, {}, (world) => {
    const { cluster, clock } = world
    startAll(world, { a: 3, b: 3, old: 2 })
    rightWithin(world, 20_000)
    const { state } = cluster.find('a') ?? {
      state: initialState(member('nobody'), defaultTimings, () => 0.5, 0),
    }
    const status = () => upgradeStatus(state)
    expect(status()).toMatchObject({ next: 2, hindrances: [{ name: 'old', reason: 'older' }] })
    cluster.find('b')?.host.crash()
    clock.advance(10_000)
    cluster.find('a')?.input({ type: 'finalise' })
    clock.advance(10_000)
    expect(finalisedOf(world)).toEqual([1, 1])
    expect(status()).toMatchObject({ next: undefined })
    expect(status().hindrances).toContainEqual({ id: 'b', name: 'b', reason: 'absent' })
  })
})

test('who has left hinders nobody; where one is between, the version that all speak is finalised', () => {
  inEachSeed(10, {}, (world) => {
    const { cluster, clock } = world
    startAll(world, { a: 4, b: 3, old: 2 })
    rightWithin(world, 20_000)
    cluster.find('old')?.leave()
    clock.advance(5_000)
    cluster.find('a')?.input({ type: 'finalise' })
    clock.advance(10_000)
    expect(finalisedOf(world)).toEqual([3, 3])
  })
})

test('V2: whatever is lost, split, crashed and started again meanwhile, all that live come to the finalised version, and never go back', () => {
  inEachSeed(60, { loss: 0.1, delay: [1, 200] }, (world) => {
    const { cluster, clock, network, random } = world
    startAll(world, { a: 3, b: 3, c: 4, d: 3, e: 4 })
    rightWithin(world, 30_000)
    cluster.find('a')?.input({ type: 'finalise' })
    const highest = new Map<string, number>()
    const look = (): void => {
      for (const { id, state } of cluster.live()) {
        // What was said to others is on the disk of whoever said it.
        expect(state.upgrade.finalised).toBeGreaterThanOrEqual(highest.get(id) ?? 1)
        highest.set(id, state.upgrade.finalised)
      }
    }
    for (let round = 0; round < 8; round += 1) {
      const ids = ['a', 'b', 'c', 'd', 'e'].filter(() => random() < 0.5)
      if (random() < 0.5)
        network.partition(
          ids,
          ['a', 'b', 'c', 'd', 'e'].filter((id) => !ids.includes(id)),
        )
      clock.advance(between(random, 0, 400))
      look()
      if (random() < 0.6) {
        const [victim] = cluster.pick(1)
        const id = victim?.id ?? 'a'
        victim?.host.crash()
        clock.advance(between(random, 0, 400))
        cluster.start(id, ['a', 'b', 'c', 'd', 'e'], speaking(wholeBetween(random, 3, 4)))
      }
      look()
    }
    network.heal()
    rightWithin(world, 60_000)
    clock.advance(15_000)
    look()
    const reached = finalisedOf(world)
    expect(new Set(reached).size, reached.join()).toBe(1)
    expect(reached[0]).toBe(Math.max(...highest.values()))
  })
})

test('once finalised an older process is refused, in one line on both sides, also where a split had kept it', () => {
  inEachSeed(20, {}, (world) => {
    const { cluster, clock, network } = world
    startAll(world, { a: 3, b: 3, c: 3 })
    rightWithin(world, 20_000)
    network.partition(['a', 'b'], ['c'])
    cluster.find('a')?.input({ type: 'finalise' })
    clock.advance(100)
    cluster.find('c')?.host.crash()
    // Rolled back behind the operator's back.
    cluster.start('c', ['a', 'b'], speaking(2))
    clock.advance(10_000)
    network.heal()
    clock.advance(20_000)
    expect(cluster.find('a')?.state.upgrade.finalised).toBe(3)
    expect([...(cluster.find('c')?.state.reachable ?? [])]).toEqual([])
    for (const [id, other] of [
      ['a', 'c'],
      ['c', 'a'],
    ] as const)
      expect(cluster.find(id)?.notices).toContainEqual(
        expect.objectContaining({ type: 'incompatible', peer: other }),
      )
  })
})

test('one that is two versions behind is told of once, and spoken to', () => {
  inEachSeed(5, {}, (world) => {
    startAll(world, { a: 4, old: 2, b: 3 })
    world.clock.advance(60_000)
    const told = (id: string) =>
      world.cluster
        .find(id)
        ?.notices.flatMap((one) => (one.type === 'behind' ? [`${one.peer} ${one.by}`] : []))
    expect([told('a'), told('b'), told('old')]).toEqual([['old 2'], [], []])
    expect(world.cluster.find('a')?.state.reachable).toEqual(new Set(['old', 'b']))
  })
})

describe('without an operator, after a while', () => {
  const after = 60_000
  const lone = (
    state = initialState(
      member('self', speaking(3)),
      { ...defaultTimings, finaliseAfter: after },
      () => 0.5,
      0,
    ),
  ) => ({
    at: (now: number): readonly number[] =>
      step(state, { type: 'tick' }, now).effects.flatMap((effect) =>
        effect.type === 'keep' ? [effect.version] : [],
      ),
    hear: (id: string, highest: number, now: number): void => {
      step(state, { type: 'linked', peer: id }, now)
      step(
        state,
        {
          type: 'received',
          from: id,
          message: { type: 'gossip', statements: [member(id, speaking(highest))] },
        },
        now,
      )
    },
  })

  test('it is finalised, not a moment earlier', () => {
    const { at } = lone()
    expect([at(0), at(after - 1), at(after)]).toEqual([[], [], [3]])
  })

  test('an older member that came in between begins it anew', () => {
    const { at, hear } = lone()
    at(0)
    hear('b', 1, after - 10)
    expect(at(after)).toEqual([])
  })

  test('a clock that goes back, or stands still, finalises nothing early', () => {
    const { at } = lone()
    at(1e12)
    expect([at(0), at(after - 1)]).toEqual([[], []])
    expect(at(after)).toEqual([3])
  })
})

describe('V3: a lie', () => {
  const heard = (speaks: object): readonly string[] => {
    const state = initialState(member('self', speaking(3)), defaultTimings, () => 0.5, 0)
    const statement = { ...member('b'), speaks: { protocols: [1, 9], gates: [1], features: [], ...speaks } }
    const message = decodeMessage(Buffer.from(JSON.stringify({ type: 'gossip', claims: [statement] })))
    return step(state, { type: 'received', from: 'b', message }, 0).effects.map(({ type }) => type)
  }

  test.each([4, 9, 1e9, -1, 0, 1, 1.5, '3', null, {}])(
    'of a version %j brings nobody to where it cannot run',
    (finalised) => {
      expect(heard({ finalised })).not.toContain('keep')
    },
  )

  test('while one that this build speaks is taken over, and kept before it is told', () => {
    expect(heard({ finalised: 3 })).toContain('keep')
  })
})

test('before anything is finalised a member says nothing of it, so that older ones read the same bytes as ever', () => {
  const { self } = initialState(member('a', speaking(3)), defaultTimings, () => 0.5, 0)
  expect(Buffer.from(encodeMessage({ type: 'gossip', statements: [self] })).toString()).not.toContain(
    'finalised',
  )
})

test('a member that starts with a finalised version on its disk speaks none below', () => {
  const { self } = initialState(member('a', speaking(4)), defaultTimings, () => 0.5, 0, { finalised: 3 })
  expect(self.speaks).toMatchObject({ protocols: [3, 4], finalised: 3 })
})
