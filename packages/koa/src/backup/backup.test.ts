import { erasureOf, factOf } from '@grapevine/facts'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { quietPorts } from '../testing/alone.ts'
import { member, servedInstance } from '../testing/served-instance.ts'
import { backup } from './backup.ts'
import { restore, type RestoreReport } from './restore.ts'
import type { Grapevine } from '../grapevine.ts'

const app = () => {
  const doc = new Y.Doc()
  const keptByUser = (userId: string): void => doc.getMap('notes').delete(userId)
  return { facts: { entries: { keptByUser: true } }, documents: { notes: { doc, keptByUser } } } as const
}

const instance = () => servedInstance<'notes'>({ ...app(), ports: quietPorts() })

type Served = Awaited<ReturnType<typeof instance>>

const linesOf = async ({ grapevine }: Served): Promise<string[]> => {
  const text: string[] = []
  const options = { cluster: 'test', signal: new AbortController().signal }
  for await (const line of backup(grapevine.kept, options)) text.push(line)
  return text.join('').trimEnd().split('\n')
}

const restoreInto = ({ grapevine }: Served, lines: readonly string[]): Promise<RestoreReport> =>
  restore(
    grapevine.kept,
    (async function* () {
      yield* lines
    })(),
    { endSessions: grapevine.bumpEpoch, onProgress: () => undefined },
  )

const fields = (username: string) => ({ username, password: 'a password that is long' })
const idOf = ({ users }: Pick<Grapevine, 'users'>, name: string): string => users.claimants(name)[0]?.id ?? ''

/** Ada and Bob, with an entry and a note each. */
const filled = async (): Promise<Served & { ada: string; bob: string }> => {
  const served = await instance()
  const { grapevine, browser } = served
  for (const name of ['ada', 'bob']) await member(browser(), name)
  const [ada, bob] = [idOf(grapevine, 'ada'), idOf(grapevine, 'bob')]
  const { entries } = grapevine.facts as unknown as Record<string, (typeof grapevine.kept.facts)[string]>
  for (const id of [ada, bob]) {
    await entries?.replica.write(() => entries.set.insert([factOf(id, 'bread 3.20')]))
    await grapevine.documents.notes.write(() => grapevine.documents.notes.doc.getMap('notes').set(id, 'milk'))
  }
  return { ...served, ada, bob }
}

const held = ({ grapevine: { kept, users } }: Served) => ({
  users: users.size,
  entries: kept.facts['entries']?.set.digest(),
  notes: kept.documents['notes']?.doc.getMap('notes').toJSON(),
})

test('what a backup has, an empty cluster holds after it, and people log in', async () => {
  const [from, to] = [await filled(), await instance()]
  const report = await restoreInto(to, await linesOf(from))
  expect(report).toMatchObject({ known: 0, erased: 0, documents: 1 })
  expect(held(to)).toEqual(held(from))
  expect((await to.browser().submit('/', fields('ada'))).status).toBe(302)
  const again = await restoreInto(to, await linesOf(from))
  expect(again).toMatchObject({ inserted: 0, known: report.inserted })
})

test('in a cluster that has moved on nothing goes: the erased stay erased, the new stay', async () => {
  const served = await filled()
  const { grapevine, browser, ada, bob } = served
  const old = await linesOf(served)
  await grapevine.eraseUser(ada)
  await member(browser(), 'cleo')
  const report = await restoreInto(served, old)
  expect(report.erased).toBeGreaterThan(0)
  expect(grapevine.users.get(ada)).toBeUndefined()
  expect([held(served).users, held(served).notes]).toEqual([2, { [bob]: 'milk' }])
  expect(grapevine.kept.facts['entries']?.set.of(ada)).toHaveLength(1)
  expect(JSON.stringify(await linesOf(served))).not.toContain(`"subject":"${ada}","mark":"."`)
})

test('who is erased is taken out of a document that another history brings back', async () => {
  const from = await filled()
  const old = await linesOf(from)
  const to = await instance()
  await to.grapevine.userReplica.write(() =>
    to.grapevine.kept.facts['users']?.set.insert([erasureOf(from.ada)]),
  )
  await restoreInto(to, old)
  expect([held(to).users, held(to).notes]).toEqual([1, { [from.bob]: 'milk' }])
})

test('a session that was ended after the backup does not live again in an empty cluster, nor any other', async () => {
  const [from, to] = [await filled(), await instance()]
  const lines = await linesOf(from)
  const answer = await from.browser().submit('/', fields('ada'))
  const Cookie = (answer.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ')
  expect((await from.browser().get('/account', { Cookie })).status).toBe(200)
  await restoreInto(to, lines)
  expect((await to.browser().get('/account', { Cookie })).status).toBe(302)
})

test.each([
  [
    'a line changed',
    (lines: string[]) => lines.with(2, lines[2]?.replace(/"text":".*/, '"text":"{}"}') ?? ''),
  ],
  ['a line gone', (lines: string[]) => lines.toSpliced(2, 1)],
  ['the end gone', (lines: string[]) => lines.slice(0, -1)],
  ['a line after the end', (lines: string[]) => [...lines, '{}']],
])('%s is told, and is not said to be restored', async (_what, broken) => {
  const [from, to] = [await filled(), await instance()]
  const restoring = restoreInto(to, broken(await linesOf(from)))
  await expect(restoring).rejects.toMatchObject({ code: expect.stringMatching(/^(BROKEN|INVALID)_BACKUP$/) })
})

test.each([
  ['an export of users', '{"grapevine":"users","version":1}', 'INVALID_BACKUP'],
  ['a later version', '{"grapevine":"backup","version":2}', 'NEWER_BACKUP'],
  [
    'that of another app',
    '{"grapevine":"backup","version":1,"facts":["users","orders"],"documents":[]}',
    'UNKNOWN_NAME',
  ],
  ['no JSON', 'PK', 'INVALID_BACKUP'],
])('%s is refused before anything changes', async (_what, first, code) => {
  const to = await instance()
  const before = to.grapevine.ledger.epoch?.()
  await expect(restoreInto(to, [first])).rejects.toMatchObject({ code })
  expect(to.grapevine.ledger.epoch?.()).toBe(before)
})

test('a backup has no secret, no session and no pepper; erasures come first of each set', async () => {
  const served = await filled()
  await served.grapevine.eraseUser(served.ada)
  const lines = await linesOf(served)
  expect(lines.join()).not.toContain('the-secret-of-a-test')
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    grapevine: 'backup',
    version: 1,
    cluster: 'test',
    facts: ['users', 'entries'],
    documents: ['notes'],
  })
  expect(JSON.parse(lines[1] ?? '')).toEqual({ in: 'users', subject: served.ada, mark: '!' })
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ end: true, lines: lines.length - 1 })
})
