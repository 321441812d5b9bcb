/** The examples of the README, compiled and run. The last test holds the texts together. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
// example
import { createFactSet } from '@grapevine/facts'
import { createUserCache } from './index.ts'
import * as Y from 'yjs'

const example = () => {
  const [left, right] = [new Y.Doc(), new Y.Doc()]
  const berlin = createUserCache({ facts: createFactSet({ doc: left, root: 'users' }), nodeId: 'berlin' })
  const paris = createUserCache({ facts: createFactSet({ doc: right, root: 'users' }), nodeId: 'paris' })
  paris.on('name:contested', ({ name, claimants }) => console.log(`${claimants.length} claim ${name}`))

  // Two people sign up the same name on both sides of a split …
  const passwordHash = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNo'
  berlin.register({ username: 'Ada', passwordHash })
  paris.register({ username: 'ada', passwordHash })

  // … and the split heals. Any transport will do; `@grapevine/replica` is one.
  Y.applyUpdate(right, Y.encodeStateAsUpdate(left))
  Y.applyUpdate(left, Y.encodeStateAsUpdate(right))

  return { berlin: berlin.claimants('ADA'), paris: paris.claimants('ADA') }
}
// end of example

// example
import { grantNames, markFile, type NameGrantsOptions } from './index.ts'

const granting = (dataDir: string, options: Omit<NameGrantsOptions, 'store'>) =>
  grantNames({ ...options, store: markFile(`${dataDir}/sign-ups.json`) })
// end of example

// example
import type { UserCache } from './index.ts'

const copy = async (from: UserCache, to: UserCache, signal: AbortSignal) =>
  to.import(from.export({ signal }), {
    signal,
    onProgress: ({ done }) => console.log(`${done} lines`),
  })
// end of example

test('both accounts exist on both nodes, with the same owner of the name', () => {
  const { berlin, paris } = example()
  expect(berlin).toEqual(paris)
  expect(berlin.map(({ claim }) => claim)).toEqual(['owner', 'loser'])
})

const passwordHash = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNo'

test('a copy has the same users', async () => {
  const [from, to] = ['from', 'to'].map((nodeId) =>
    createUserCache({ facts: createFactSet({ doc: new Y.Doc(), root: 'users' }), nodeId }),
  )
  if (from === undefined || to === undefined) return
  const ada = from.register({ username: 'Ada', passwordHash })
  await copy(from, to, AbortSignal.timeout(10_000))
  expect(to.get(ada.id)).toEqual(ada)
})

test('a name is granted, and what was answered is marked no more', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'names-'))
  onTestFinished(() => rmSync(dataDir, { recursive: true }))
  const facts = createFactSet({ doc: new Y.Doc(), root: 'users' })
  const users = createUserCache({ facts, nodeId: 'n1' })
  const marked: string[] = []
  const names = await granting(dataDir, {
    users,
    facts,
    peers: {
      self: { id: 'n1' },
      members: () => [{ id: 'n1', state: 'alive' }],
      reachable: () => [],
      request: () => Promise.reject(new Error('nobody is there')),
      handle: async () => undefined,
      on: () => () => undefined,
    },
    write: async (change) => {
      marked.push(readFileSync(join(dataDir, 'sign-ups.json'), 'utf8'))
      change()
    },
    stored: async () => undefined,
    ready: Promise.resolve(),
    isReady: () => true,
  })
  const ada = await names.register({ username: 'Ada', passwordHash })
  expect(users.claimants('ada')).toEqual([ada])
  expect(marked[0]).toContain(`"key":"${ada.id}/.`)
  expect(readFileSync(join(dataDir, 'sign-ups.json'), 'utf8')).toBe('{"version":1,"unanswered":[]}')
})

test('the README shows these examples', () => {
  const source = readFileSync(new URL('example.test.ts', import.meta.url), 'utf8')
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const examples = source
    .split(/^\/\/ example\n/m)
    .slice(1)
    .map((rest) => rest.split('// end of example')[0])
  expect(examples).toHaveLength(3)
  for (const shown of examples) {
    expect(readme).toContain(
      shown
        ?.replaceAll('./index.ts', '@grapevine/user-cache')
        .replaceAll('./database/postgres.ts', '@grapevine/user-cache/postgres'),
    )
  }
})
