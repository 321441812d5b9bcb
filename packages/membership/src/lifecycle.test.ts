import { afterEach, expect, test } from 'vitest'
import { mdns, seeds, type Discovery } from './index.ts'
import { joining, realMembers, recordingLog, sees, until } from './testing/real-members.ts'

const { start, stopAll } = realMembers()
afterEach(stopAll)

test('a start that was aborted before rejects with the reason', async () => {
  const reason = new Error('shutting down')
  await expect(start('a', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
})

test('a start that is aborted on the way leaves nothing running', async () => {
  const stop = new AbortController()
  const contexts: AbortSignal[] = []
  const way: Discovery = {
    type: 'active',
    name: 'own',
    start: ({ signal }) => {
      contexts.push(signal)
      stop.abort(new Error('changed my mind'))
    },
  }
  await expect(start('a', { signal: stop.signal, discovery: [way] })).rejects.toThrow('changed my mind')
  expect(contexts.map(({ aborted }) => aborted)).toEqual([true])
})

test('leaving is bounded by its signal and goes on', async () => {
  const a = await start('a')
  await expect(a.leave({ signal: AbortSignal.abort(new Error('no time')) })).rejects.toThrow('no time')
  await a.leave()
})

test('a member goes with its scope', async () => {
  const a = await start('a')
  {
    await using b = await start('b', joining(a))
    await sees(b, ['a', 'b'])
  }
  await until(() => a.members().some(({ name, state }) => name === 'b' && state === 'left'))
  expect(a.view()).toBe('whole')
})

test('several discoveries work at once, own ones too, and one that finds nobody harms none', async () => {
  const a = await start('a')
  const own: Discovery = {
    type: 'active',
    name: 'a file',
    start: ({ found }) => found({ type: 'configured', addresses: a.self.addresses }),
  }
  const b = await start('b', { discovery: [mdns(), seeds(['127.0.0.1:9']), own] })
  await sees(b, ['a', 'b'])
  expect(b.view()).toBe('whole')
})

test('a listener that throws is logged, and the others are called all the same', async () => {
  const { log, warnings } = recordingLog()
  const a = await start('a', { log })
  const seen: string[] = []
  a.on('member:up', () => {
    throw new Error('a bug of the application')
  })
  a.on('member:up', ({ member }) => seen.push(member.name))
  await start('b', joining(a))
  await until(() => seen.length > 0)
  expect(seen).toEqual(['b'])
  expect(warnings()).toEqual(['a listener of members threw'])
})

test('metadata that changes is told to every member', async () => {
  const a = await start('a')
  const b = await start('b', joining(a))
  await sees(a, ['a', 'b'])
  const updated = new Promise<unknown>((resolve) =>
    a.on('member:updated', ({ member }) => resolve(member.metadata)),
  )
  b.setMetadata({ http: 'http://192.0.2.1:3000' })
  expect(await updated).toEqual({ http: 'http://192.0.2.1:3000' })
})
