import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { limits } from '../limits.ts'
import { joining, realMembers, sees, until } from '../testing/real-members.ts'

const { start, stopAll } = realMembers()
const children: ChildProcess[] = []
afterEach(async () => {
  children.splice(0).forEach((child) => child.kill('SIGKILL'))
  await stopAll()
})

test('a request that is not answered ends with its signal', async () => {
  const a = await start('a')
  const b = await start('b', joining(a))
  await b.handle('slow', () => new Promise(() => undefined))
  await until(() => a.reachable().length === 1)
  const signal = AbortSignal.timeout(200)
  await expect(a.request(b.self.id, 'slow', new Uint8Array(1), { signal })).rejects.toBeInstanceOf(Error)
  expect(signal.aborted).toBe(true)
})

test('a request, an answer or a message over the bound is not sent', async () => {
  const a = await start('a')
  const b = await start('b', joining(a))
  await b.handle('big', () => new Uint8Array(limits.request + 1))
  await until(() => a.reachable().length === 1)
  const signal = AbortSignal.timeout(10_000)
  const tooLarge = { code: 'MESSAGE_TOO_LARGE' }
  const huge = new Uint8Array(limits.request + 1)
  await expect(a.request(b.self.id, 'big', huge, { signal })).rejects.toMatchObject(tooLarge)
  await expect(a.topic('news').publish(new Uint8Array(limits.publish + 1))).rejects.toMatchObject(tooLarge)
  await expect(a.request(b.self.id, 'big', new Uint8Array(1), { signal })).rejects.toBeInstanceOf(Error)
  expect(signal.aborted).toBe(false)
})

test('more requests at once than the bound are refused, and those within it are answered', async () => {
  const a = await start('a')
  const b = await start('b', joining(a))
  let release: () => void = () => undefined
  const released = new Promise<void>((resolve) => (release = resolve))
  let most = 0
  let current = 0
  await b.handle('wait', async (request) => {
    most = Math.max(most, (current += 1))
    await released
    current -= 1
    return request
  })
  await until(() => a.reachable().length === 1)
  const ask = (): Promise<Uint8Array> =>
    a.request(b.self.id, 'wait', new Uint8Array(1), { signal: AbortSignal.timeout(20_000) })
  const asked = Array.from({ length: 100 }, ask)
  const settled = Promise.allSettled(asked)
  await until(() => current >= limits.requestsPerMember)
  release()
  const answered = (await settled).filter(({ status }) => status === 'fulfilled')
  expect(most).toBeLessThanOrEqual(limits.requestsPerMember)
  expect(answered.length).toBeGreaterThanOrEqual(limits.requestsPerMember)
})

test('a member that does not read is disconnected before it fills the memory of those that publish', async () => {
  const patient = { silentLink: 600_000, suspicionMin: 300_000, suspicionMax: 300_000 }
  const secrets = ['everybody may chat here']
  const a = await start('a', { cluster: 'chat', secrets, topics: ['lines'], timings: patient })
  const program = fileURLToPath(new URL('../../dist/example/chat.js', import.meta.url))
  const port = a.self.addresses[0]?.split('/')[4] ?? ''
  const reader = spawn(process.execPath, [program, 'reader', `127.0.0.1:${port}`], {
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  children.push(reader)
  await sees(a, ['a', 'reader'])
  const lines = a.topic('lines')
  lines.subscribe(() => undefined)
  const closed = new Promise<void>((resolve) => a.on('member:unlinked', () => resolve()))
  reader.kill('SIGSTOP')
  const before = process.memoryUsage.rss()
  for (let mebibytes = 0; mebibytes < 64; mebibytes += 1) await lines.publish(new Uint8Array(limits.publish))
  await closed
  expect((process.memoryUsage.rss() - before) / 1_048_576).toBeLessThan(256)
}, 60_000)
