/** The protocol as it ships, on a virtual network: delays, clocks, silence, crashes. `SEEDS=50` plays fifty times as many. */
import { codeOf } from '@grapevine/std'
import { seedsToRun, shuffled, simulateAsync, wholeBetween, type Simulation } from '@grapevine/simulation'
import { describe, expect, test } from 'vitest'
import { hashOf } from '../testing/kit.ts'
import {
  newPlace,
  startMember,
  type Message,
  type Place,
  type VirtualMember,
} from '../testing/virtual-members.ts'

const names = ['a', 'b', 'c'] as const

interface World {
  readonly simulation: Simulation<Message>
  readonly places: Map<string, Place>
  readonly members: Map<string, VirtualMember>
  readonly outcomes: string[]
}

type Scenario = (world: World) => Promise<void>

const play = async (seed: number, scenario: Scenario, old: readonly string[] = []): Promise<World> =>
  simulateAsync<Message, World>({ seed, conditions: { delay: [1, 60] } }, async (simulation) => {
    const places = new Map(names.map((name) => [name, newPlace()]))
    const members = new Map<string, VirtualMember>()
    const world = { simulation, places, members, outcomes: [] }
    await Promise.all(names.map((name) => start(world, name, old.includes(name))))
    await simulation.clock.settle(1_500)
    await scenario(world)
    return world
  })

const start = async ({ simulation, places, members }: World, name: string, isOld = false): Promise<void> => {
  const starting = startMember(simulation, name, names, places.get(name) ?? newPlace(), isOld)
  await simulation.clock.settle(100)
  members.set(name, await starting)
}

const memberOf = ({ members }: World, name: string): VirtualMember => {
  const member = members.get(name)
  if (member === undefined) throw new Error(`${name} does not run`)
  return member
}

/** Somebody signs up, so many milliseconds from now. */
const signUp = (world: World, name: string, after: number, password = `${name} ${after}`): void => {
  const { clock } = world.simulation
  clock.after(after, () => {
    const grants = world.members.get(name)?.names
    grants?.register({ username: 'Ada', passwordHash: hashOf(password) }).then(
      () => world.outcomes.push('ok'),
      (error: unknown) => world.outcomes.push(codeOf(error) ?? String(error)),
    )
  })
}

const settle = ({ simulation }: World, ms = 15_000): Promise<void> => simulation.clock.settle(ms)

/** How many claim the name, on each member that runs. */
const claims = ({ members }: World): readonly number[] =>
  [...members.values()].map(({ users }) => users.claimants('ada').length)

const signUpsAtOnce = (world: World, count: number): void => {
  const { random } = world.simulation
  for (let n = 0; n < count; n++) {
    const [name = 'a'] = shuffled(random, names)
    signUp(world, name, wholeBetween(random, 0, 80))
  }
}

test.each(seedsToRun(40))('of those who ask at once exactly one gets the name, seed %i', async (seed) => {
  const world = await play(seed, async (it) => {
    signUpsAtOnce(it, 2 + (seed % 3))
    await settle(it)
  })
  const { outcomes } = world
  expect(
    outcomes.filter((one) => one === 'ok'),
    outcomes.join(),
  ).toHaveLength(1)
  expect(outcomes.filter((one) => one !== 'ok' && one !== 'USERNAME_TAKEN')).toEqual([])
  expect(claims(world)).toEqual([1, 1, 1])
})

test.each(seedsToRun(15))('whoever is refused finds the account that is there, seed %i', async (seed) => {
  const there: number[] = []
  await play(seed, async (it) => {
    for (const name of ['a', 'b'])
      it.simulation.clock.after(wholeBetween(it.simulation.random, 0, 60), () => {
        const { names: grants, users } = memberOf(it, name)
        grants
          .register({ username: 'Ada', passwordHash: hashOf('one') })
          .catch(() => there.push(users.claimants('ada').length))
      })
    await settle(it)
  })
  expect(there).toEqual([1])
})

test.each(seedsToRun(15))('no sign-up fails for a member that has stopped, seed %i', async (seed) => {
  const world = await play(seed, async (it) => {
    memberOf(it, 'c').host.pause()
    signUp(it, 'a', 10)
    signUp(it, 'b', wholeBetween(it.simulation.random, 0, 60))
    await settle(it)
  })
  expect(world.outcomes.toSorted()).toEqual(['USERNAME_TAKEN', 'ok'])
})

test.each(seedsToRun(30))('a crash never gives the name twice, and leaves no mark, seed %i', async (seed) => {
  const world = await play(seed, async (it) => {
    const { random, clock } = it.simulation
    signUpsAtOnce(it, 3)
    const [victim = 'a'] = shuffled(random, names)
    await clock.settle(wholeBetween(random, 0, 300))
    memberOf(it, victim).host.crash()
    it.members.delete(victim)
    await settle(it)
    await start(it, victim)
    await settle(it)
  })
  const ok = world.outcomes.filter((one) => one === 'ok').length
  expect(ok, world.outcomes.join()).toBeLessThanOrEqual(1)
  const [each = 0, ...others] = new Set(claims(world))
  expect(others).toEqual([])
  // What was answered is there. What was not stays, unless somebody else has the name.
  expect(each).toBeGreaterThanOrEqual(ok)
  expect(each).toBeLessThanOrEqual(1)
  for (const { marks } of world.places.values())
    expect(Buffer.from(marks ?? '').toString()).not.toContain('"key"')
})

describe('a claim whose writer died before it was answered', () => {
  const diesUnanswered = async (it: World): Promise<string> => {
    const answered = it.outcomes.length
    signUp(it, 'a', 10)
    for (let ms = 0; ms < 400 && memberOf(it, 'b').users.claimants('ada').length === 0; ms += 5)
      await it.simulation.clock.settle(5)
    const [ada] = memberOf(it, 'b').users.claimants('ada')
    expect(it.outcomes).toHaveLength(answered)
    memberOf(it, 'a').host.crash()
    it.members.delete('a')
    return ada?.id ?? 'nobody'
  }

  test('and whose owner came in elsewhere stays: nothing is withdrawn at the restart', async () => {
    let id = ''
    const world = await play(1, async (it) => {
      id = await diesUnanswered(it)
      await settle(it, 120_000)
      // The same form again, or a login: they are told that this is their account.
      await memberOf(it, 'b').names.settled('Ada')
      expect(memberOf(it, 'b').users.claimants('ada')).toMatchObject([{ id }])
      await start(it, 'a')
      await settle(it)
    })
    expect(claims(world)).toEqual([1, 1, 1])
    for (const { users } of world.members.values()) expect(users.get(id)?.username).toBe('Ada')
    expect(Buffer.from(world.places.get('a')?.marks ?? '').toString()).not.toContain('"key"')
  })

  test('is withdrawn where somebody else was granted the name that they could not know of', async () => {
    const world = await play(2, async (it) => {
      it.simulation.network.partition(['a'], ['b', 'c'])
      await settle(it, 3_000)
      signUp(it, 'a', 10)
      // Written, and not flushed for long enough to be answered.
      const { clock } = it.simulation
      for (let ms = 0; ms < 100 && memberOf(it, 'a').users.claimants('ada').length === 0; ms += 1)
        await clock.settle(1)
      const kept = memberOf(it, 'a').facts
      const place = it.places.get('a')
      for (const key of kept.facts.keys()) {
        const fact = kept.fact(key)
        if (fact !== undefined) place?.facts.set(JSON.stringify(fact), fact)
      }
      memberOf(it, 'a').host.crash()
      it.members.delete('a')
      expect(it.outcomes).toEqual([])
      signUp(it, 'b', 10)
      await settle(it)
      it.simulation.network.heal()
      await start(it, 'a')
      await settle(it)
    })
    expect(world.outcomes).toEqual(['ok'])
    expect(claims(world)).toEqual([1, 1, 1])
    expect(Buffer.from(world.places.get('a')?.marks ?? '').toString()).not.toContain('"key"')
  })
})

test('a name that is refused to its first claimant is not told to be taken', async () => {
  const world = await play(1, async (it) => {
    const of = (name: string) => (fact: object) => JSON.stringify(fact).includes(hashOf(name).slice(-8))
    for (const name of ['c']) Object.assign(it.places.get(name) ?? {}, { refuses: of('first') })
    signUp(it, 'a', 10, 'first')
    signUp(it, 'b', 60, 'second')
    await settle(it, 20_000)
  })
  expect(world.outcomes).toEqual(['UNAVAILABLE', 'UNAVAILABLE'])
  expect(claims(world)).toEqual([0, 0, 0])
})

test('on both sides of a split both get it', async () => {
  const world = await play(1, async (it) => {
    it.simulation.network.partition(['a'], ['b', 'c'])
    signUp(it, 'a', 10)
    signUp(it, 'b', 10)
    await settle(it)
  })
  expect(world.outcomes).toEqual(['ok', 'ok'])
})

test('two that cannot talk but share a third still agree', async () => {
  const world = await play(3, async (it) => {
    it.simulation.network.cut('a', 'b')
    await settle(it, 800)
    signUp(it, 'a', 10)
    signUp(it, 'b', 12)
    await settle(it)
  })
  expect(world.outcomes.filter((one) => one === 'ok').length).toBeGreaterThanOrEqual(1)
})

describe('with a member of the version before, which knows nothing of claims', () => {
  test('people sign up on the others as ever', async () => {
    const world = await play(
      1,
      async (it) => {
        signUp(it, 'a', 10)
        signUp(it, 'b', 15)
        await settle(it)
      },
      ['c'],
    )
    expect(world.outcomes.toSorted()).toEqual(['USERNAME_TAKEN', 'ok'])
  })
})
