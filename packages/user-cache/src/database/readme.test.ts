/** The example of the README about databases, compiled and run. */
import { readFileSync } from 'node:fs'
import { createFactSet } from '@grapevine/facts'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { createUserCache } from '../index.ts'
// example
import { hydrate, writeThrough, type UserCache } from '../index.ts'
import { createPostgresDatabase, createTableSql, type PostgresClient } from './postgres.ts'

const signUpThrough = async (pool: PostgresClient, users: UserCache) => {
  await pool.query(createTableSql(), []) // or a migration of your own
  const database = createPostgresDatabase({ client: pool })
  await hydrate(users, database)
  return writeThrough(users, database)
}
// end of example

const passwordHash = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNo'

test('a sign-up through a database is in both', async () => {
  const statements: string[] = []
  const pool: PostgresClient = {
    query: (text) => {
      statements.push(text.replace(/ .*/, ''))
      return Promise.resolve({ rows: [] })
    },
  }
  const users = createUserCache({ facts: createFactSet({ doc: new Y.Doc(), root: 'users' }), nodeId: 'n1' })
  const signUp = await signUpThrough(pool, users)
  const ada = await signUp.register({ username: 'Ada', passwordHash })
  expect(statements).toEqual(['create', 'select', 'insert'])
  expect(users.claimants('ada')).toEqual([ada])
})

test('the README shows it', () => {
  const source = readFileSync(new URL(import.meta.url), 'utf8')
  const [, shown = ''] = /^\/\/ example\n(.*?)^\/\/ end of example/ms.exec(source) ?? []
  expect(shown).not.toBe('')
  expect(readFileSync(new URL('../../README.md', import.meta.url), 'utf8')).toContain(
    shown
      .replaceAll('../index.ts', '@grapevine/user-cache')
      .replaceAll('./postgres.ts', '@grapevine/user-cache/postgres'),
  )
})
