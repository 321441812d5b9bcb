import { silentLog } from '@grapevine/std'
import { expect, test, vi } from 'vitest'
import { dns } from './dns.ts'
import { seeds } from './seeds.ts'
import type { Discovery, Found } from './discovery.ts'
import type { NameResolver } from './names.ts'
import type { TriedName } from './report.ts'

const failing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }))
const nothing: NameResolver = { lookup: failing('ENOTFOUND'), resolveSrv: async () => [] }

/** Lets the discovery look up as often as asked; what it found each time. */
const look = async (times: number, discovery: Discovery, interval = 1_000) => {
  vi.useFakeTimers()
  const stop = new AbortController()
  const found: Found[] = []
  const tried: TriedName[] = []
  if (discovery.type === 'active')
    discovery.start({
      cluster: 'test',
      log: silentLog,
      signal: stop.signal,
      found: (what) => found.push(what),
      tried: { name: (what) => tried.push(what) },
    })
  await vi.advanceTimersByTimeAsync((times - 1) * interval)
  stop.abort()
  await vi.advanceTimersByTimeAsync(10 * interval)
  vi.useRealTimers()
  return { found, tried }
}

const app = (resolver: Partial<NameResolver>): Discovery =>
  dns('app.example', { port: 4200, interval: 1_000, resolver: { ...nothing, ...resolver } })

const configured = (...addresses: string[]): Found => ({ type: 'configured', addresses })

/** Each answer in turn, the last one for ever. */
const inTurn = (...answers: readonly (() => Promise<readonly string[]>)[]) => {
  let asked = 0
  return async (): Promise<readonly string[]> => (answers[asked++] ?? answers.at(-1))?.() ?? []
}

test('A, AAAA and SRV records become addresses; an SRV record brings its own port', async () => {
  const { found } = await look(
    1,
    app({
      lookup: async () => ['192.0.2.1', '2001:db8::1'],
      resolveSrv: async () => [{ name: 'pod-0.app.example', port: 4300 }],
    }),
  )
  expect(found).toEqual([
    configured('/ip4/192.0.2.1/tcp/4200', '/ip6/2001:db8::1/tcp/4200', '/dns/pod-0.app.example/tcp/4300'),
  ])
})

test('the name is asked again, and each answer replaces the one before, until the member leaves', async () => {
  let answers = 0
  const { found } = await look(3, app({ lookup: async () => [`192.0.2.${(answers += 1)}`] }))
  expect(found).toEqual([1, 2, 3].map((last) => configured(`/ip4/192.0.2.${last}/tcp/4200`)))
})

test.each(['EAI_AGAIN', 'ESERVFAIL', 'ETIMEOUT'])(
  'while the name server gives no answer (%s), its last one holds',
  async (code) => {
    const { found, tried } = await look(2, app({ lookup: inTurn(async () => ['192.0.2.1'], failing(code)) }))
    expect(found).toEqual([configured('/ip4/192.0.2.1/tcp/4200'), configured('/ip4/192.0.2.1/tcp/4200')])
    expect(tried.at(-1)?.failure).toMatch(/name server/)
  },
)

test('when the answer is that there is no such name, none are left', async () => {
  const { found, tried } = await look(
    2,
    app({ lookup: inTurn(async () => ['192.0.2.1'], failing('ENOTFOUND')) }),
  )
  expect(found.at(-1)).toEqual(configured())
  expect(tried.at(-1)).toEqual({ name: 'dns:app.example', answers: [], failure: 'no such name' })
})

test('a look-up that hangs does not keep the next one from being made, nor are there ever more', async () => {
  let asked = 0
  const hang = (): Promise<readonly string[]> => {
    asked += 1
    return asked === 1 ? new Promise(() => undefined) : Promise.resolve(['192.0.2.1'])
  }
  const { found } = await look(2, app({ lookup: hang }))
  expect(found).toEqual([configured('/ip4/192.0.2.1/tcp/4200')])
  asked = -10
  await look(6, app({ lookup: () => ((asked += 1), new Promise(() => undefined)) }))
  expect(asked).toBe(-8)
})

test('a seed that is a name stands for all its addresses, and is looked up again', async () => {
  const lookup = inTurn(
    async () => ['192.0.2.1', '192.0.2.2'],
    async () => ['192.0.2.2', '2001:db8::3'],
  )
  const discovery = seeds(['app:4100', '192.0.2.9:4100'], { ...nothing, lookup })
  const { found } = await look(2, discovery, 5_000)
  expect(found).toEqual([
    configured('/ip4/192.0.2.1/tcp/4100', '/ip4/192.0.2.2/tcp/4100', '/ip4/192.0.2.9/tcp/4100'),
    configured('/ip4/192.0.2.2/tcp/4100', '/ip6/2001:db8::3/tcp/4100', '/ip4/192.0.2.9/tcp/4100'),
  ])
})

test('a seed whose name is not known yet is found as soon as it is', async () => {
  const lookup = inTurn(failing('ENOTFOUND'), async () => ['192.0.2.1'])
  const { found, tried } = await look(2, seeds(['app:4100'], { ...nothing, lookup }), 5_000)
  expect(found).toEqual([configured(), configured('/ip4/192.0.2.1/tcp/4100')])
  expect(tried[0]).toEqual({ name: 'app', answers: [], failure: 'no such name' })
})
