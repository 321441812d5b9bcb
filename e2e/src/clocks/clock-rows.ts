import { eventually, type ClusterNode } from '@grapevine/local-cluster'
import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'vitest'
import { complaintsOf, converged, everyNodeSees } from '../cluster/budget-cluster.ts'
import { loggedIn } from '../people/logged-in.ts'
import { logInAtOnce, person, signUp, tryLogin } from '../people/person.ts'
import { ms, type Row, type Stage } from '../matrix.ts'
import {
  areMeasured,
  copyOf,
  day,
  holdsEverywhere,
  liveWith,
  logOut,
  refusedEverywhere,
  setWrong,
  settles,
  wrongBy,
  year,
} from './wrong.ts'

/** Who signs up on any node logs in on all; nobody complained. */
const goesOn = async ({ cluster }: Stage, name: string): Promise<string> => {
  const since = performance.now()
  for (const [index, node] of cluster.nodes.entries()) await signUp(node, person(`${name}-${index}`))
  await converged(cluster.nodes, 15_000)
  for (const node of cluster.nodes)
    for (const index of cluster.nodes.keys()) await logInAtOnce(node, person(`${name}-${index}`))
  expect(complaintsOf(cluster)).toEqual([])
  return ms(performance.now() - since)
}

export const k1: Row = {
  id: 'K1',
  claim:
    'one, two and all clocks wrong, ± 10 minutes to 80 years: who logs in, out, or changes a password there',
  run: async (stage) => {
    const { cluster } = stage
    let cases = 0
    for (const [how, by] of wrongBy())
      for (const count of cluster.nodes.keys()) {
        const who = await liveWith(cluster, how, by, count + 1)
        cases += 1
        if (count === 0 && Math.abs(by) >= day && Math.abs(by) <= year) await goesAway(stage, how, who)
        await setWrong(cluster, cluster.nodes, 0)
        await settles(cluster, `right again after ${count + 1} were ${how}`, who, count + 1)
        // Of three clocks two would be wrong, as long as one that was set right is not measured.
        await areMeasured(cluster, [], 0)
      }
    return `${cases} cases`
  },
}

/** The node on which all was done is killed: the others do without it at once. */
const goesAway = async (
  { cluster }: Stage,
  how: string,
  who: { readonly username: string; readonly password: string },
): Promise<void> => {
  const [gone, ...others] = cluster.nodes
  if (gone === undefined) return
  await gone.kill()
  for (const node of others) await logInAtOnce(node, who)
  await holdsEverywhere({ nodes: others }, `${how}, and gone`, who)
  await cluster.skewClock(gone.name, 0)
  await gone.restart()
  await everyNodeSees(cluster.nodes, cluster.nodes.length)
  await converged(cluster.nodes, 15_000)
}

export const k2: Row = {
  id: 'K2',
  claim:
    'log out; every node started once with a wrong clock, together and one by one: the copy stays refused',
  run: async (stage) => {
    const { cluster } = stage
    const { nodes } = cluster
    let cases = 0
    const starts: readonly (readonly [
      how: string,
      ms: number,
      groups: readonly (readonly ClusterNode[])[],
    ])[] = [
      ['15 days ahead, one by one', 15 * day, nodes.map((node) => [node])],
      ['15 days behind, together', -15 * day, [nodes]],
      ['15 days ahead, together', 15 * day, [nodes]],
      ['in 1970, together', day - Date.now(), [nodes]],
      ['in 2106, one of them', 136 * year - Date.now(), [nodes.slice(0, 1)]],
    ]
    for (const [how, by, groups] of starts) {
      const who = person(`k2-${how.replaceAll(/[ ,]+/g, '-')}`)
      const first = nodes[0]
      if (first === undefined) throw new Error('no nodes')
      await signUp(first, who)
      const visitor = await loggedIn(first, who)
      const copy = await copyOf(visitor)
      await logOut(visitor, first)
      for (const group of groups) {
        await restartWith(stage, group, by)
        await restartWith(stage, group, 0)
      }
      await refusedEverywhere(cluster, `started once ${how}`, [copy])
      // Somebody may have to log in again, once; then all nodes take it.
      await holdsEverywhere(cluster, `right again after ${how}`, who)
      const again = await loggedIn(first, who)
      const second = await copyOf(again)
      await logOut(again, first)
      await refusedEverywhere(cluster, `log-out after ${how}`, [copy, second])
      cases += 1
    }
    return `${cases} cases; it goes on after ${await goesOn(stage, 'k2')}`
  },
}

const restartWith = async ({ cluster }: Stage, nodes: readonly ClusterNode[], by: number): Promise<void> => {
  await setWrong(cluster, nodes, by)
  await Promise.all(nodes.map((node) => node.restart()))
  await everyNodeSees(cluster.nodes, cluster.nodes.length)
  await converged(cluster.nodes, 15_000)
}

/** Lines in which a node warns of another's clock. */
const warnings = (node: ClusterNode, of: string): readonly string[] =>
  node.log.filter((line) => line.includes(`the clock of ${of} is `))

export const k3: Row = {
  id: 'K3',
  claim: 'a clock steps back ten minutes, and ahead by a day, under a running node: all goes on; one warning',
  run: async (stage) => {
    const { cluster } = stage
    const figures: string[] = []
    // Of two that have warned of each other within the minute, neither does again.
    for (const [index, witnesses, how, by] of [
      [0, [1, 2], 'back', -600_000],
      [1, [2], 'ahead by a day', day],
    ] as const) {
      const stepped = cluster.node(index)
      const others = witnesses.map((witness) => cluster.node(witness))
      const who = person(`k3-${how.replaceAll(' ', '-')}`)
      await signUp(stepped, who)
      const sessions = await Promise.all(cluster.nodes.map((node) => loggedIn(node, who)))
      const before = others.map((node) => warnings(node, stepped.name).length)
      const since = performance.now()
      await cluster.skewClock(stepped.name, by)
      await eventually(
        async () => {
          for (const [index, node] of others.entries())
            expect(warnings(node, stepped.name).length - (before[index] ?? 0), node.name).toBe(1)
        },
        { within: 20_000 },
      )
      figures.push(`${how}: warned of after ${ms(performance.now() - since)}`)
      for (const session of sessions)
        for (const node of cluster.nodes)
          expect((await session.at(node).get('/budget')).status, `${how}: on ${node.name}`).toBe(200)
      // What is said now is said later than what was said before, whatever the clock says.
      const second = { ...who, password: `the second password, clock ${how}` }
      const change = { password: who.password, newPassword: second.password }
      expect((await sessions[0]?.at(stepped).submit('/account/password', change))?.status).toBe(302)
      await converged(cluster.nodes, 10_000)
      for (const node of cluster.nodes) {
        await logInAtOnce(node, second)
        expect((await tryLogin(node, who)).status).toBe(200)
      }
      await delay(5_000)
      for (const [index, node] of others.entries()) {
        const said = warnings(node, stepped.name).slice(before[index])
        expect(said, `warnings of ${node.name}`).toHaveLength(1)
        expect(said[0]).toContain(`the clock of ${node.name}`)
      }
      await cluster.skewClock(stepped.name, 0)
    }
    return `${figures.join('; ')}; it goes on after ${await goesOn(stage, 'k3')}`
  },
}
