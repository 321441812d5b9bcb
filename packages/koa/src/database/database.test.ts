/** An instance with DATABASE_URL, against a real PostgreSQL server. */
import { findPostgres, startPostgres, type PostgresServer } from '@grapevine/user-cache/testing'
import { createTableSql } from '@grapevine/user-cache/postgres'
import { Pool } from 'pg'
import { pino } from 'pino'
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  onTestFinished,
  test,
  vi,
} from 'vitest'
import { createGrapevine } from '../create-grapevine.ts'
import { quietPorts } from '../testing/alone.ts'
import { browserOf, serve, type Browser } from '../testing/browser.ts'
import type { Grapevine } from '../grapevine.ts'

const bin = findPostgres()
const skipped = 'SKIPPED: no /usr/lib/postgresql/*/bin/postgres; install the Debian package "postgresql"'
if (bin === undefined) console.warn(`PostgreSQL tests ${skipped}`)

/** Tells nothing but itself: wherever it is found, the URL was written. */
const secret = 'the-password-of-the-database'
const password = 'a password that is long'
const inTime = () => ({ signal: AbortSignal.timeout(20_000) })
const another = 'another password, long too'

describe.skipIf(bin === undefined)(`DATABASE_URL${bin === undefined ? ` ${skipped}` : ''}`, () => {
  let server: PostgresServer
  let pool: Pool
  const lines: string[] = []

  beforeAll(async () => {
    server = await startPostgres(bin ?? '')
  }, 60_000)
  afterAll(() => server.stop(), 60_000)
  beforeEach(async () => {
    lines.length = 0
    pool = new Pool({ ...server.connection, max: 2 })
    pool.on('error', () => undefined)
    await pool.query('drop table if exists users')
  })
  afterEach(async () => {
    await pool.end()
    if (/the-password-of|argon2/.test(lines.join(''))) throw new Error('the log has a secret in it')
  })

  interface Started {
    readonly grapevine: Grapevine
    readonly browser: Browser
  }

  const start = async (ports = quietPorts()): Promise<Started> => {
    const grapevine = await createGrapevine({
      ownsProcess: false,
      log: pino({}, { write: (line: string) => void lines.push(line) }),
      env: {
        CLUSTER_SECRET: 'the-secret-of-a-test',
        NODE_ENV: 'development',
        DATABASE_URL: server.url.replace('test@', `test:${secret}@`),
      },
      ports,
    })
    onTestFinished(() => grapevine.stop())
    return { grapevine, browser: browserOf(await serve(grapevine.callback())) }
  }
  const soon = (expectation: () => Promise<void> | void): Promise<void> =>
    vi.waitFor(expectation, { timeout: 20_000, interval: 20 })
  const ready = ({ grapevine }: Started): Promise<void> => soon(() => expect(grapevine.isReady()).toBe(true))
  const rows = async (): Promise<readonly Record<string, unknown>[]> =>
    (await pool.query<Record<string, unknown>>('select * from users order by username')).rows
  const readiness = async ({ browser }: Started) => {
    const { status, text } = await browser.get('/readyz')
    return { status, text }
  }
  const metric = async ({ browser }: Started, name: string): Promise<string | undefined> =>
    (await browser.get('/metrics')).text
      .split('\n')
      .find((line) => line.startsWith(`grapevine_database_${name} `))
      ?.split(' ')[1]

  test('whoever is in the table logs in, and whoever is disabled there does not', async () => {
    const { hasher } = quietPorts()
    const hash = await hasher?.hash(password, inTime())
    await pool.query(createTableSql())
    const insert = 'insert into users values ($1, $2, $3, $4, now(), $5)'
    await pool.query(insert, ['17', 'Ada', 'ada', hash, false])
    await pool.query(insert, ['18', 'Eve', 'eve', hash, true])
    const started = await start()
    await ready(started)
    expect((await started.browser.submit('/', { username: 'eve', password })).status).toBe(200)
    expect((await started.browser.submit('/', { username: 'ada', password })).status).toBe(302)
    // A row of the owner's own id keeps it.
    await started.browser.submit('/account/password', { current: password, password: another })
    await soon(async () => expect((await rows())[0]).toMatchObject({ id: '17', username: 'Ada' }))
  })

  test('a sign-up is in the table, which is made; then a new name and password are, and who is erased is not', async () => {
    const started = await start()
    await ready(started)
    const { browser, grapevine } = started
    expect((await browser.submit('/signup', { username: 'ada', password })).status).toBe(302)
    const [row] = await rows()
    expect(row).toMatchObject({ username: 'ada', disabled: false })
    const id = String(row?.['id'])
    await grapevine.accounts.changePassword(id, await grapevine.hasher.hash(another, inTime()), inTime())
    await grapevine.accounts.rename(id, 'Eve', inTime())
    await soon(async () => {
      const [now] = await rows()
      expect(now).toMatchObject({ id, username: 'Eve', name: 'eve' })
      expect(now?.['password_hash']).not.toBe(row?.['password_hash'])
    })
    await grapevine.eraseUser(id)
    await soon(async () => expect(await rows()).toEqual([]))
  })

  test('down at the start: not ready and says so while nobody is known, and catches up by itself', async () => {
    await server.crash()
    const started = await start()
    await soon(async () => expect((await readiness(started)).text).toContain('nobody is known here'))
    expect((await readiness(started)).status).toBe(503)
    expect(await metric(started, 'up')).toBe('0')
    expect(lines.join('')).toContain('the database cannot be used')
    await server.start()
    await ready(started)
    expect(await metric(started, 'up')).toBe('1')
    expect(JSON.parse((await readiness(started)).text)).toMatchObject({ status: 'ready', warnings: [] })
  })

  test('down later: people log in and change their passwords, nobody signs up, and the rows follow when it is back', async () => {
    const started = await start()
    await ready(started)
    const { browser, grapevine } = started
    await browser.submit('/signup', { username: 'ada', password })
    const [before] = await rows()
    await server.crash()
    expect((await browser.submit('/signup', { username: 'eve', password })).status).toBe(503)
    expect((await browser.submit('/', { username: 'ada', password })).status).toBe(302)
    const hash = await grapevine.hasher.hash(another, inTime())
    await grapevine.accounts.changePassword(String(before?.['id']), hash, inTime())
    await soon(async () => expect(await metric(started, 'pending_accounts')).toBe('1'))
    await soon(async () => expect((await readiness(started)).text).toContain('still to be written (1)'))
    expect((await readiness(started)).status).toBe(200)
    await server.start()
    await soon(async () => expect((await rows())[0]?.['password_hash']).toBe(hash))
    await soon(async () => expect(await metric(started, 'pending_accounts')).toBe('0'))
    expect(grapevine.users.claimants('eve')).toEqual([])
  })

  test('slow: a sign-up is answered in time, with 503', async () => {
    const started = await start()
    await ready(started)
    const locker = await pool.connect()
    try {
      await locker.query('begin; lock table users')
      const { status, text } = await started.browser.submit('/signup', { username: 'ada', password })
      expect(status).toBe(503)
      expect(text).toContain('could not be confirmed now')
    } finally {
      // Ends its transaction with it.
      locker.release(true)
    }
    await soon(async () => {
      expect((await started.browser.submit('/signup', { username: 'bob', password })).status).toBe(302)
    })
  })

  test('restored from yesterday: the rows are again as the accounts are', async () => {
    const started = await start()
    await ready(started)
    const { browser, grapevine } = started
    await browser.submit('/signup', { username: 'ada', password })
    await pool.query('create table yesterday as table users')
    const id = grapevine.users.claimants('ada')[0]?.id ?? ''
    const hash = await grapevine.hasher.hash(another, inTime())
    await grapevine.accounts.changePassword(id, hash, inTime())
    await browser.submit('/signup', { username: 'bob', password })
    await soon(async () => expect((await rows())[0]?.['password_hash']).toBe(hash))
    await pool.query(
      'begin; delete from users; insert into users table yesterday; drop table yesterday; commit',
    )
    // The outage that a restore is, as far as an instance can see.
    await server.crash()
    await grapevine.accounts.endSessions(id, inTime())
    await soon(() => expect(grapevine.database?.status().state).toBe('down'))
    await server.start()
    await soon(async () => expect((await rows()).map(({ username }) => username)).toEqual(['ada', 'bob']))
    await soon(async () => expect((await rows())[0]?.['password_hash']).toBe(hash))
  })

  test('a row that is changed behind our back counts after the next look at the table', async () => {
    const ports = quietPorts()
    const first = await start(ports)
    await ready(first)
    await first.browser.submit('/signup', { username: 'ada', password })
    await first.grapevine.stop()
    const hash = await first.grapevine.hasher.hash(another, inTime())
    await pool.query('update users set password_hash = $1', [hash])
    const second = await start(ports)
    await ready(second)
    await soon(async () => expect(second.grapevine.users.claimants('ada')[0]?.passwordHash).toBe(hash))
    expect(lines.join('')).toContain('a row of the database was changed by hand')
    expect((await second.browser.submit('/', { username: 'ada', password: another })).status).toBe(302)
  })
})

test('a DATABASE_URL that is none is refused by its name, and not shown', async () => {
  const starting = createGrapevine({
    ownsProcess: false,
    env: { CLUSTER_SECRET: 'the-secret-of-a-test', DATABASE_URL: `mysql://root:${secret}@host/db` },
    ports: quietPorts(),
  })
  const error: unknown = await starting.catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'SETTING', message: expect.stringContaining('DATABASE_URL: ') })
  expect(String(error)).not.toContain(secret)
})

test('a table whose name is none is refused by the name of the option', async () => {
  const starting = createGrapevine({
    ownsProcess: false,
    env: { CLUSTER_SECRET: 'the-secret-of-a-test' },
    database: { table: 'users; drop table users' },
    ports: quietPorts(),
  })
  await expect(starting).rejects.toMatchObject({ code: 'INVALID_OPTION' })
})
