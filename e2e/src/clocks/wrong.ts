import { setTimeout as delay } from 'node:timers/promises'
import { browser, eventually, type Browser, type Cluster, type ClusterNode } from '@grapevine/local-cluster'
import { expect } from 'vitest'
import { converged, status } from '../cluster/budget-cluster.ts'
import { loggedIn } from '../people/logged-in.ts'
import { logInAtOnce, person, signUp, tryLogin, type Person } from '../people/person.ts'

const minute = 60_000
export const day: number = 24 * 60 * minute
export const year: number = 365 * day

/** By how much a clock is wrong, in milliseconds. */
export const wrongBy = (): readonly (readonly [how: string, ms: number])[] => [
  ['10 minutes ahead', 10 * minute],
  ['10 minutes behind', -10 * minute],
  ['a day ahead', day],
  ['15 days ahead', 15 * day],
  ['15 days behind', -15 * day],
  ['a year ahead', year],
  ['a year behind', -year],
  ['in 1970', day - Date.now()],
  ['in 2106', 136 * year - Date.now()],
]

/** From now on, while they run. */
export const setWrong = async (
  cluster: Cluster,
  nodes: readonly ClusterNode[],
  ms: number,
): Promise<void> => {
  for (const node of nodes) await cluster.skewClock(node.name, ms)
}

export const logOut = async (visitor: Browser, node: ClusterNode): Promise<void> => {
  const { status } = await visitor.at(node).submit('/budget', {}, { action: '/logout' })
  expect(status, `log-out on ${node.name}`).toBe(302)
}

/** A copy of a browser's cookies: what somebody has stolen. */
export const copyOf = async (visitor: Browser): Promise<Browser['jar']> => await visitor.jar.clone()

/** Within the time that a log-out may take to be known everywhere. */
export const refusedEverywhere = async (
  { nodes }: Pick<Cluster, 'nodes'>,
  what: string,
  copies: readonly Browser['jar'][],
): Promise<void> => {
  const check = async (): Promise<void> => {
    for (const node of nodes)
      for (const [index, copy] of copies.entries()) {
        const { status } = await browser(node, await copy.clone()).get('/budget')
        expect(status, `${what}, copy ${index} on ${node.name}`).toBe(302)
      }
  }
  await eventually(check, { within: 5_000, every: 200 })
}

/** Until all have measured the clocks of all, after most of them were set: in milliseconds, with much to spare. */
const measured = 20_000

/** Waits until each has measured how far the clocks of all others are from its own: of these nodes so much, of the others not at all. */
export const areMeasured = async (
  { nodes }: Pick<Cluster, 'nodes'>,
  wrong: readonly ClusterNode[],
  ms: number,
): Promise<void> => {
  const offsetOf = (name: string): number => (wrong.some((node) => node.name === name) ? ms : 0)
  const check = async (): Promise<void> => {
    for (const { self, members } of await Promise.all(nodes.map(status)))
      for (const { id, name, skew = Number.NaN } of members) {
        if (id === self.id) continue
        const error = skew - (offsetOf(name) - offsetOf(self.name))
        expect(Math.abs(error), `the clock of ${name}, as ${self.name} has measured it`).toBeLessThan(1_000)
      }
  }
  await eventually(check, { within: measured, every: 100 })
  // Each looks at what was measured once a second.
  await delay(1_500)
}

/** As {@link holdsEverywhere}; where most clocks were set, as soon as that is measured. */
export const settles = async (
  cluster: Pick<Cluster, 'nodes'>,
  how: string,
  who: Person,
  count: number,
): Promise<void> => {
  const check = (): Promise<void> => holdsEverywhere(cluster, how, who)
  if (count <= cluster.nodes.length / 2) await check()
  else await eventually(check, { within: measured, every: 500 })
}

/** Whoever logs in on one node is let in by all of them. */
export const holdsEverywhere = async (
  { nodes }: Pick<Cluster, 'nodes'>,
  how: string,
  who: Person,
): Promise<void> => {
  for (const node of nodes) {
    const visitor = await loggedIn(node, who)
    for (const other of nodes)
      expect(
        (await visitor.at(other).get('/budget')).status,
        `clock ${how}: logged in on ${node.name}, page of ${other.name}`,
      ).toBe(200)
  }
}

/**
 * So many nodes have a wrong clock: somebody logs in and out there, changes their password there, and is let in everywhere,
 * by the right password only, and by no cookie that was ended.
 *
 * @returns who, as they log in from then on
 */
export const liveWith = async (cluster: Cluster, how: string, ms: number, count: number): Promise<Person> => {
  const { nodes } = cluster
  const wrong = nodes.slice(0, count)
  const [asked, last] = [nodes[0], nodes.at(-1)]
  if (asked === undefined || last === undefined) throw new Error('no nodes')
  const who = person(`${how.replaceAll(' ', '-')}-${count}`)
  await signUp(last, who)
  await setWrong(cluster, wrong, ms)
  // Where most are wrong the time of the cluster is theirs, as soon as that is measured: sessions of before may end with it.
  if (count > nodes.length / 2) await areMeasured(cluster, wrong, ms)
  const label = `${count} clocks ${how}`
  await settles(cluster, label, who, count)
  // Each is ended by the other: what one clock has issued, under another.
  const [ofWrong, ofLast, stays] = [
    await loggedIn(asked, who),
    await loggedIn(last, who),
    await loggedIn(asked, who),
  ]
  const copies = [await copyOf(ofWrong), await copyOf(ofLast)]
  await logOut(ofWrong, last)
  await logOut(ofLast, asked)
  await refusedEverywhere(cluster, `${label}: after the log-out`, copies)
  const old = await copyOf(await loggedIn(last, who))
  const renewed = { ...who, password: 'a new password, on a wrong clock' }
  const change = { password: who.password, newPassword: renewed.password }
  expect((await stays.at(asked).submit('/account/password', change)).status, label).toBe(302)
  await converged(nodes, 10_000)
  await refusedEverywhere(cluster, `${label}: after the change of the password`, [...copies, old])
  for (const node of nodes) {
    await logInAtOnce(node, renewed)
    expect((await tryLogin(node, who)).status, `${label}: the old password on ${node.name}`).toBe(200)
  }
  await holdsEverywhere(cluster, label, renewed)
  return renewed
}
