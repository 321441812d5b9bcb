/** One name asked for on several healthy nodes at once. `DOUBLE_CLICKS=200` sends as many forms twice. */
import { browser, type Cluster, type ClusterNode } from '@grapevine/local-cluster'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { converged, startBudget, status } from './cluster/budget-cluster.ts'
import { logInAtOnce, person, tryLogin, type Person } from './people/person.ts'

const doubleClicks = Number(process.env['DOUBLE_CLICKS'] ?? 30)

let cluster: Cluster
beforeAll(async () => {
  cluster = await startBudget(3)
})
afterAll(() => cluster.stop())

/** Everybody has their page open before the first form is sent. */
const signUpAtOnce = async (all: readonly (readonly [ClusterNode, Person])[]): Promise<number[]> => {
  const open = await Promise.all(
    all.map(async ([node, who]) => {
      const visitor = browser(node)
      const page = await visitor.get('/signup')
      return () => visitor.submit(page, { ...who })
    }),
  )
  const answers = await Promise.all(open.map((send) => send()))
  return answers.map((answer) => answer.status)
}

test(
  `W11: ${doubleClicks} forms sent to two nodes at once make ${doubleClicks} accounts, which open`,
  { timeout: 240_000 },
  async () => {
    const [one, two, three] = [cluster.node(0), cluster.node(1), cluster.node(2)]
    const before = (await status(one)).users
    const people = Array.from({ length: doubleClicks }, (_, index) => person(`clicks-twice-${index}`))
    const took: number[] = []
    const twice: string[] = []
    for (const who of people) {
      const since = performance.now()
      const statuses = await signUpAtOnce([
        [one, who],
        [two, who],
      ])
      took.push(performance.now() - since)
      if (statuses.join() !== '302,302') twice.push(`${who.username}: ${statuses.join()}`)
    }
    expect(twice).toEqual([])
    for (const who of people) await logInAtOnce(three, who)
    await converged(cluster.nodes, 15_000)
    for (const node of cluster.nodes)
      expect((await status(node)).users - before, node.name).toBe(doubleClicks)
    const median = took.toSorted((a, b) => a - b)[Math.floor(took.length / 2)] ?? 0
    process.stdout.write(
      `ROW W11: ${doubleClicks} double clicks, ${doubleClicks} accounts, all log in; median ${median.toFixed(0)} ms, longest ${Math.max(...took).toFixed(0)} ms\n`,
    )
  },
)

test(
  'W11: of two who want one name at the same time exactly one is told that it is theirs',
  { timeout: 120_000 },
  async () => {
    const nodes = cluster.nodes
    for (let round = 0; round < 10; round += 1) {
      const rivals = nodes.map((_node, index): Person => ({
        username: `wanted-${round}`,
        password: `the password of rival ${index}`,
      }))
      const statuses = await signUpAtOnce(
        nodes.flatMap((node, index) => {
          const rival = rivals[index]
          return rival === undefined ? [] : [[node, rival] as const]
        }),
      )
      expect(statuses.toSorted((a, b) => a - b)).toEqual([302, 409, 409])
      const [winner] = rivals.filter((_rival, index) => statuses[index] === 302)
      if (winner === undefined) throw new Error('nobody won')
      for (const node of nodes) await logInAtOnce(node, winner)
      for (const rival of rivals.filter((each) => each !== winner))
        expect((await tryLogin(cluster.node(0), rival)).status).toBe(200)
    }
  },
)
