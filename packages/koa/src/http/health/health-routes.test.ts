import { factOf } from '@grapevine/facts'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { servedInstance } from '../../testing/served-instance.ts'
import { memoryDocuments } from '../../testing/alone.ts'

test('in production metrics are for this machine, and not for what a proxy on it passes on', async () => {
  const { browser } = await servedInstance({ env: { NODE_ENV: 'production' } })
  expect((await browser().get('/metrics')).text).toContain('grapevine_users 0')
  for (const header of ['X-Forwarded-For', 'Forwarded']) {
    expect((await browser().get('/metrics', { [header]: '203.0.113.9' })).status).toBe(403)
  }
})

test('where metrics have an address of their own they are nowhere else', async () => {
  const { browser } = await servedInstance({ env: { METRICS_LISTEN: '127.0.0.1:9' } })
  expect((await browser().get('/metrics')).status).toBe(404)
})

test('an instance that was told to end says that it is not ready, and why, and still serves', async () => {
  const { grapevine, browser } = await servedInstance({ env: { DRAIN_DELAY: '0' } })
  expect(JSON.parse((await browser().get('/readyz')).text)).toEqual({
    status: 'ready',
    reasons: [],
    warnings: [],
  })
  void grapevine.stop()
  const { status, text, headers } = await browser().get('/readyz')
  expect([status, JSON.parse(text)]).toEqual([
    503,
    { status: 'not ready', reasons: ['it was told to end'], warnings: [] },
  ])
  expect(headers.connection).toBe('close')
  expect(grapevine.isReady()).toBe(false)
})

test('a disk that takes no writes is named, and heals', async () => {
  const disk = memoryDocuments()
  let isFull = false
  const failing = {
    ...disk,
    open: async (name: string) => {
      const storage = await disk.open(name)
      const append: typeof storage.append = async (update) => {
        if (isFull && name === 'users') throw new Error('no space left on device')
        await storage.append(update)
      }
      return { ...storage, append }
    },
  }
  const { grapevine, browser } = await servedInstance({ ports: { disk: failing } })
  isFull = true
  const fields = { username: 'ada', password: 'a password that is long' }
  expect((await browser().submit('/signup', fields)).status).toBe(503)
  const { status, text } = await browser().get('/readyz')
  expect([status, text]).toEqual([503, expect.stringContaining('users: the disk takes no writes')])
  isFull = false
  await expect.poll(() => grapevine.isReady(), { timeout: 10_000 }).toBe(true)
  expect((await browser().submit('/signup', { ...fields, username: 'bob' })).status).toBe(302)
})

test.each(['healthz', 'readyz'])('/%s is answered below the base path and at the root', async (name) => {
  const { browser } = await servedInstance({ env: { BASE_PATH: '/app' } })
  for (const path of [`/${name}`, `/app/${name}`]) expect((await browser().get(path)).status).toBe(200)
})

test('facts about users that are held and not read are in the metrics and, once for each reason, in the log', async () => {
  const lines: string[] = []
  const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) })
  const { browser, grapevine } = await servedInstance({ log })
  const { set } = grapevine.userReplica
  const user = 'A'.repeat(22)
  await grapevine.userReplica.write(() =>
    set.insert([1, 2].map((n) => factOf(user, JSON.stringify({ kind: 'of a later version', n })))),
  )
  expect((await browser().get('/metrics')).text).toContain('grapevine_unread_facts{reason="unknownKind"} 2')
  expect(lines.filter((line) => line.includes('held and not read'))).toHaveLength(1)
})
