import { silentLog } from '@grapevine/std'
import { expect, test, vi } from 'vitest'
import { dns, type NameResolver } from './dns.ts'
import type { DiscoveryContext, Found } from './discovery.ts'

const failing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }))
const nothing: NameResolver = {
  resolve4: failing('ENODATA'),
  resolve6: failing('ENODATA'),
  resolveSrv: failing('ENOTFOUND'),
}

/** Lets the discovery look up as often as asked; what it found each time. */
const look = async (times: number, resolver: Partial<NameResolver>): Promise<Found[]> => {
  vi.useFakeTimers()
  const stop = new AbortController()
  const all: Found[] = []
  const context: DiscoveryContext = {
    cluster: 'test',
    log: silentLog,
    signal: stop.signal,
    found: (found) => all.push(found),
  }
  const discovery = dns('app.example', { port: 4200, interval: 1_000, resolver: { ...nothing, ...resolver } })
  if (discovery.type === 'active') discovery.start(context)
  await vi.advanceTimersByTimeAsync((times - 1) * 1_000)
  stop.abort()
  await vi.advanceTimersByTimeAsync(10_000)
  vi.useRealTimers()
  return all
}

const configured = (...addresses: string[]): Found => ({ type: 'configured', addresses })

test('A, AAAA and SRV records become addresses; an SRV record brings its own port', async () => {
  const found = await look(1, {
    resolve4: () => Promise.resolve(['192.0.2.1']),
    resolve6: () => Promise.resolve(['2001:db8::1']),
    resolveSrv: () => Promise.resolve([{ name: 'pod-0.app.example', port: 4300 }]),
  })
  expect(found).toEqual([
    configured('/ip4/192.0.2.1/tcp/4200', '/ip6/2001:db8::1/tcp/4200', '/dns/pod-0.app.example/tcp/4300'),
  ])
})

test('the name is asked again, and each answer replaces the one before, until the member leaves', async () => {
  let answers = 0
  const found = await look(3, { resolve4: () => Promise.resolve([`192.0.2.${(answers += 1)}`]) })
  expect(found).toEqual([1, 2, 3].map((last) => configured(`/ip4/192.0.2.${last}/tcp/4200`)))
})

test('while the name server does not answer, its last answer holds', async () => {
  let asked = 0
  const found = await look(2, {
    resolve4: () => ((asked += 1) === 1 ? Promise.resolve(['192.0.2.1']) : failing('ETIMEOUT')()),
  })
  expect(found).toEqual([configured('/ip4/192.0.2.1/tcp/4200'), configured('/ip4/192.0.2.1/tcp/4200')])
})

test('when the name server says that there are no records, none are left', async () => {
  let asked = 0
  const found = await look(2, {
    resolve4: () => ((asked += 1) === 1 ? Promise.resolve(['192.0.2.1']) : failing('ENOTFOUND')()),
  })
  expect(found.at(-1)).toEqual(configured())
})
