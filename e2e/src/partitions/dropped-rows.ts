import { setTimeout as delay } from 'node:timers/promises'
import { quantilesOf, showQuantiles } from '@grapevine/local-cluster'
import { expect } from 'vitest'
import { allAgree, checkAll } from '../cluster/check.ts'
import { left, right, split, unlinked } from '../cluster/halves.ts'
import { ms, type Row } from '../matrix.ts'
import { tryLogin } from '../people/person.ts'
import { residentMb } from '../cluster/resident-memory.ts'
import { during, healed, nodesOf, notAliveWhile, patience, signUpOn, target } from './stage.ts'

export const f1: Row = {
  id: 'F1',
  claim: '3+2 halves, packets dropped for 30 s, 200 sign-ups on each side: none fails, X within 5 s',
  run: async (stage) => {
    const { cluster, signUps } = stage
    const over = delay(30_000)
    await cluster.partition([left, right])
    const failed = await signUpOn(stage, 200, nodesOf(stage, left), nodesOf(stage, right))
    await Promise.all([over, split(cluster, left, right)])
    const figures = await healed(stage)
    expect(failed, 'sign-ups that failed').toEqual([])
    return `${figures}; sign-ups ${showQuantiles(quantilesOf(signUps.took))}`
  },
}

export const f2: Row = {
  id: 'F2',
  claim: 'random halves, changing every 10 s: X within 5 s',
  run: async (stage) => {
    const { cluster, random } = stage
    const acknowledged: string[] = []
    for (let round = 0; round < 3; round++) {
      const shuffled = cluster.nodes
        .map((node) => ({ node, key: random() }))
        .toSorted((a, b) => a.key - b.key)
      const names = shuffled.map(({ node }) => node.name)
      const changing = split(cluster, names.slice(0, 3), names.slice(3))
      acknowledged.push(await during(stage, 10_000, 20, cluster.nodes))
      await changing
    }
    return `${acknowledged.join(', ')}; ${await healed(stage)}`
  },
}

export const f4: Row = {
  id: 'F4',
  claim: 'two halves that share one node: sign-ups cross it meanwhile, nobody is down, X within 5 s',
  run: async (stage) => {
    const { cluster, signUps } = stage
    await cluster.bridge([left, ['node-3', ...right]])
    let crossed = Infinity
    const absent = await notAliveWhile(cluster.nodes, async () => {
      const over = delay(30_000)
      await unlinked(cluster, ['node-1', 'node-2'], right)
      expect(await signUpOn(stage, 20, cluster.nodes), 'sign-ups that failed').toEqual([])
      crossed = await allAgree(cluster, signUps, { within: target })
      await over
    })
    expect(
      absent.filter((said) => said.endsWith('down')),
      'who is down',
    ).toEqual([])
    return `all on both halves ${ms(crossed)} after the last sign-up; ${await healed(stage)}`
  },
}

export const f6: Row = {
  id: 'F6',
  claim: 'one direction dropped only, 30 s: X within 5 s, no queue past 16 MB',
  run: async (stage) => {
    const { cluster } = stage
    const before = cluster.nodes.map(residentMb)
    await cluster.cutOneWay('node-1', 'node-2')
    await cluster.cutOneWay('node-1', 'node-3')
    const acknowledged = await during(stage, 30_000, 60, cluster.nodes)
    await unlinked(cluster, ['node-2', 'node-3'], ['node-1'])
    const grown = Math.max(...cluster.nodes.map((node, index) => residentMb(node) - (before[index] ?? 0)))
    const figures = await healed(stage)
    // Resident memory stands for the queues, which cannot be seen from outside; it also holds what the users need.
    expect(grown, `the memory of a node grew by ${grown} MB`).toBeLessThanOrEqual(64)
    return `${acknowledged}; ${figures}; memory +${Math.round(grown)} MB`
  },
}

export const f9: Row = {
  id: 'F9',
  claim: '20 % of the packets lost: a sign-up is everywhere within 2 s (p99)',
  run: async (stage) => {
    const { cluster, signUps } = stage
    await cluster.lose({ share: 0.2 })
    const everywhere: number[] = []
    for (let turn = 0; turn < 30; turn++) {
      const node = cluster.node(turn % cluster.nodes.length)
      // From the moment the form is sent; whoever gets no answer was not there in time.
      const since = await signUps.posted(node)
      everywhere.push(
        since === undefined ? Infinity : await allAgree(cluster, signUps, { within: patience, since }),
      )
    }
    const spread = quantilesOf(everywhere)
    const figures = await healed(stage)
    expect(spread.p99, showQuantiles(spread)).toBeLessThanOrEqual(2_000)
    return `everywhere ${showQuantiles(spread)} after it was sent; ${figures}`
  },
}

export const f18: Row = {
  id: 'F18',
  claim:
    'the same username on both sides: one owner, the same everywhere; each password opens its own account only',
  run: async (stage) => {
    const { cluster, signUps } = stage
    await split(cluster, left, right)
    const [one, other] = [
      { username: 'kim', password: 'the one password' },
      { username: 'Kim', password: 'quite another password' },
    ]
    expect(await signUps.one(cluster.node('node-1'), one)).toBe('acknowledged')
    expect(await signUps.one(cluster.node('node-4'), other)).toBe('acknowledged')
    const figures = await healed(stage)
    const owners = new Set<string>()
    for (const node of cluster.nodes) {
      const led = [await tryLogin(node, one), await tryLogin(node, other)].map(({ location }) => location)
      owners.add(led.join())
      const guess = await tryLogin(node, { username: 'kim', password: 'neither of the two' })
      expect(guess.status, node.name).toBe(200)
      expect(await node.json('/cluster.json')).toMatchObject({ contested: 1 })
    }
    // Whoever does not own the name is led to where they pick another.
    expect(['/budget,/account/name', '/account/name,/budget']).toContain([...owners].join('; '))
    return `${figures}; both open, one owner on ${cluster.nodes.length} nodes, a third password on none`
  },
}

export const f19: Row = {
  id: 'F19',
  claim: 'clocks 5 minutes apart: replication is unaffected',
  run: async (stage) => {
    const { cluster } = stage
    await cluster.skewClock('node-1', 300_000)
    await cluster.skewClock('node-2', -300_000)
    expect(await signUpOn(stage, 20, cluster.nodes), 'sign-ups that failed').toEqual([])
    const took = await checkAll(cluster, stage.signUps, { within: patience, sample: 10 })
    expect(took).toBeLessThanOrEqual(2_000)
    return `equal ${ms(took)} after the last sign-up, clocks apart; after the heal ${await healed(stage)}`
  },
}
