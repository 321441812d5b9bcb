import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import type { Libp2p } from '@libp2p/interface'
import { mdns } from './index.ts'
import { joining, realMembers, sees } from './testing/real-members.ts'

const { start, stopAll } = realMembers()
afterEach(stopAll)

test('members that know one seed all find each other', async () => {
  const a = await start('a')
  const b = await start('b', joining(a))
  const c = await start('c', joining(a))
  await Promise.all([a, b, c].map((member) => sees(member, ['a', 'b', 'c'])))
  expect(a.view()).toBe('whole')
})

test('members find each other by mDNS without any configuration', async () => {
  const cluster = `mdns-${process.pid}`
  const a = await start('a', { cluster, discovery: [mdns()] })
  const b = await start('b', { cluster, discovery: [mdns()] })
  await Promise.all([a, b].map((member) => sees(member, ['a', 'b'])))
  expect(a.members()).toHaveLength(2)
})

test('a stranger without the secret is refused on both sides and reaches nothing', async () => {
  const refusals: string[] = []
  const log = {
    debug: () => undefined,
    info: () => undefined,
    warn: (_: object, m: string) => void refusals.push(m),
    error: () => undefined,
  }
  const a = await start('a', { log })
  const stranger = await start('stranger', { ...joining(a), secrets: ['not the secret of the tests'], log })
  const signal = AbortSignal.timeout(10_000)
  while (refusals.length < 2) await delay(10, undefined, { signal })
  expect(a.members()).toHaveLength(1)
  expect(stranger.members()).toHaveLength(1)
  for (const refusal of refusals) {
    expect(refusal).toMatch(
      /^refused 127\.0\.0\.1:\d+ \(….{6}\): its cluster name or secret differs from ours \(name "test"\)/,
    )
  }
})

test('members with the old and the new secret admit each other while it is rotated', async () => {
  const older = await start('older', { secrets: ['the secret of last year'] })
  const both = await start('both', {
    ...joining(older),
    secrets: ['the secret of this year', 'the secret of last year'],
  })
  await sees(both, ['older', 'both'])
  expect(older.view()).toBe('whole')
})

test('who leaves is known to have left, not to be down', async () => {
  const a = await start('a')
  const b = await start('b', joining(a))
  await sees(a, ['a', 'b'])
  const left = new Promise<string>((resolve) => a.on('member:left', ({ member }) => resolve(member.name)))
  await b.leave()
  expect(await left).toBe('b')
  expect(a.view()).toBe('whole')
})

test('a published message reaches every subscriber, equal messages too', async () => {
  const a = await start('a')
  const b = await start('b', joining(a))
  await Promise.all([a, b].map((member) => sees(member, ['a', 'b'])))
  const heard: string[] = []
  const both = new Promise<void>((resolve) => {
    b.topic('news').subscribe((bytes) => {
      heard.push(new TextDecoder().decode(bytes))
      if (heard.at(-1) === 'end') resolve()
    })
  })
  a.topic('news').subscribe(() => undefined)
  const news = a.topic('news')
  const say = (text: string): Promise<void> => news.publish(new TextEncoder().encode(text))
  const signal = AbortSignal.timeout(10_000)
  while (heard.length === 0) {
    await say('again')
    await delay(20, undefined, { signal })
  }
  const before = heard.length
  await say('again')
  await say('again')
  await say('end')
  await both
  expect(heard.slice(before)).toEqual(expect.arrayContaining(['again', 'again', 'end']))
})

test('a request is answered by the one member that was asked', async () => {
  const a = await start('a')
  const b = await start('b', joining(a))
  await b.handle('double', (request) => Uint8Array.from(request, (byte) => byte * 2))
  await sees(a, ['a', 'b'])
  const signal = AbortSignal.timeout(5_000)
  const answer = await a.request(b.self.id, 'double', Uint8Array.of(1, 2, 3), { signal })
  expect([...answer]).toEqual([2, 4, 6])
  await expect(a.request('nobody', 'double', answer, { signal })).rejects.toMatchObject({
    code: 'UNREACHABLE_MEMBER',
  })
})

test('who stops answering is asked in vain, and may answer again, in another way', async () => {
  const a = await start('a')
  const b = await start('b', joining(a))
  await sees(a, ['a', 'b'])
  const signal = AbortSignal.timeout(10_000)
  const ask = async (): Promise<string> =>
    Buffer.from(await a.request(b.self.id, 'greet', new Uint8Array(0), { signal })).toString()
  const stop = await b.handle('greet', () => Buffer.from('good morning'))
  expect(await ask()).toBe('good morning')
  stop()
  await expect(ask()).rejects.toMatchObject({ code: 'REQUEST_FAILED', failure: 'unknown-protocol' })
  await b.handle('greet', () => Buffer.from('good evening'))
  stop()
  expect(await ask()).toBe('good evening')
})

test('a topic is left with its last listener, and joined again by the next', async () => {
  const nodes: { readonly libp2p: Libp2p<{ pubsub: { getTopics(): string[] } }> }[] = []
  const remember = (message: unknown): void => void nodes.push(message as (typeof nodes)[number])
  subscribe('grapevine:membership', remember)
  const a = await start('a')
  unsubscribe('grapevine:membership', remember)
  const joined = (): readonly string[] | undefined => nodes[0]?.libp2p.services.pubsub.getTopics()
  const stops = [1, 2].map(() => a.topic('news').subscribe(() => undefined))
  stops[0]?.()
  stops[0]?.()
  expect(joined()).toEqual(['grapevine/test/news'])
  stops[1]?.()
  expect(joined()).toEqual([])
  const stop = a.topic('news').subscribe(() => undefined)
  expect(joined()).toEqual(['grapevine/test/news'])
  await a.leave()
  stop()
})

test('links that break while streams are being opened on them harm nothing, and are mended', async () => {
  const nodes: { readonly libp2p: Libp2p }[] = []
  const remember = (message: unknown): void => void nodes.push(message as { libp2p: Libp2p })
  subscribe('grapevine:membership', remember)
  const a = await start('a')
  const b = await start('b', joining(a))
  unsubscribe('grapevine:membership', remember)
  await Promise.all([a, b].map((member) => sees(member, ['a', 'b'])))
  for (let round = 0; round < 20; round += 1) {
    for (const { libp2p } of nodes) {
      for (const connection of libp2p.getConnections()) {
        const opening = connection.newStream('/ipfs/id/1.0.0').catch(() => undefined)
        connection.abort(new Error('cut by the test'))
        await opening
      }
    }
    await delay(5)
  }
  await Promise.all([a, b].map((member) => sees(member, ['a', 'b'])))
  await expect.poll(() => a.reachable(), { timeout: 10_000 }).toEqual([b.self.id])
  await expect.poll(() => b.reachable(), { timeout: 10_000 }).toEqual([a.self.id])
})

test('leaving lets go of the process: no timer or socket keeps it alive', async () => {
  const { spawn } = await import('node:child_process')
  const program = `
    import { createMembership } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)}
    const member = await createMembership({ cluster: 'exit', secrets: ['a secret of the tests'], listen: ['/ip4/127.0.0.1/tcp/0'] })
    await member.leave()`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' })
  const [code] = await once(child, 'exit', { signal: AbortSignal.timeout(20_000) })
  expect(code).toBe(0)
})
