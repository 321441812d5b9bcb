import { randomBytes } from 'node:crypto'
import { browser, type Cluster } from '@grapevine/local-cluster'
import { describe, expect } from 'vitest'
import { nodeStatus, usersReplica } from './cluster/admin.ts'
import { converged, startBudget } from './cluster/budget-cluster.ts'
import { nodeVersions, type NodeVersion } from './cluster/node-versions.ts'
import { env, idOf, insider } from './hostile/stage.ts'
import { facts, goesOn, tell } from './hostile/telling.ts'
import { delivers, fetchOne, saidOfUser, store } from './hostile/wire/fact-wire.ts'
import { isAsked, lanes, ms, type Row, type Stage } from './matrix.ts'
import { logInAtOnce, person, signUp, tryLogin } from './people/person.ts'

/** A letter of Unicode 17.0: Node.js 20.20 knows it, 20.19.0 does not. */
const newLetter = '\u{323b0}'

/** What all know: a letter that is folded, one that is composed, and one of a plane beyond the first. */
const oldNames = ['Straße', 'Jose\u0301', '\u{20000}']

const unicodeRow = (versions: readonly NodeVersion[]): Row => ({
  id: 'V1',
  claim:
    'Node.js of different Unicode beside each other: they refuse the same names, and hold the same facts',
  run: async (stage) => {
    const tables = new Set(versions.map(({ unicode }) => unicode))
    expect(tables.size, `tables of letters, of which nothing is shown if they are the same`).toBeGreaterThan(
      1,
    )
    await allRefuseIt(stage)
    await aFactWithItIsHeld(stage)
    const since = performance.now()
    await allTakeOldLetters(stage)
    const took = performance.now() - since
    await goesOn(stage, 'v1')
    const ran = versions.map(({ version, unicode }) => `${version} (Unicode ${unicode})`)
    return `${ran.join(', ')}: the letter is refused on all alike, a fact with it is held by all; ${oldNames.length} names on all after ${ms(took)}`
  },
})

const allRefuseIt = async ({ cluster }: Stage): Promise<void> => {
  const who = person(`v1${newLetter}`)
  const answers = cluster.nodes.map(async (node) => {
    const { status, text } = await browser(node).submit('/signup', { ...who })
    return { status, says: /This one has[^<]*|this one has[^<]*/.exec(text)?.[0] }
  })
  const [first, ...others] = await Promise.all(answers)
  expect(first?.status).toBe(400)
  expect(first?.says).toContain('U+323B0')
  for (const other of others) expect(other).toEqual(first)
}

/** As a version to come would write it, whose tables know the letter: told to the middle one, held by all, read by none. */
const aFactWithItIsHeld = async (stage: Stage): Promise<void> => {
  const { cluster } = stage
  const name = `v1${newLetter}`
  const user = `${randomBytes(15).toString('base64url')}AA`
  const passwordHash = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNo'
  const fact = saidOfUser(user, { kind: 'registered', username: name, passwordHash })
  await using liar = await insider(stage, 'v1-tomorrow')
  await tell(liar, cluster.node(1), store([fact]))
  await converged(cluster.nodes, 10_000)
  const users = new Set((await Promise.all(cluster.nodes.map(nodeStatus))).map((said) => said.users))
  expect(users.size, 'all read it, or none does').toBe(1)
  for (const node of cluster.nodes) {
    expect(delivers(await liar.request(await idOf(node), facts, fetchOne(fact)), fact), node.name).toBe(true)
    expect((await usersReplica(node)).refused).toBe(0)
    expect((await tryLogin(node, person(name))).status, node.name).not.toBe(302)
  }
}

const allTakeOldLetters = async ({ cluster }: Stage): Promise<void> => {
  for (const [index, username] of oldNames.entries())
    await signUp(cluster.node(index % cluster.nodes.length), person(username))
  await converged(cluster.nodes, 10_000)
  for (const node of cluster.nodes) for (const username of oldNames) await logInAtOnce(node, person(username))
}

const versions = isAsked('V1') ? await nodeVersions('20.19.0', '24.21.0') : 'not asked for'
if (typeof versions === 'string') process.stdout.write(`SKIPPED V1: other versions of Node.js: ${versions}\n`)

describe.runIf(typeof versions !== 'string')(
  'the fault matrix: versions of Node.js beside each other',
  () => {
    const all = typeof versions === 'string' ? [] : versions
    const start = (): Promise<Cluster> =>
      startBudget(all.length, { env, execPath: ({ index }) => all[index]?.execPath ?? process.execPath })
    lanes({ name: 'versions', start, rows: [unicodeRow(all)] })
  },
)
