import { readFileSync } from 'node:fs'
import { codeOf, reasonOf } from '@grapevine/std'
import { expect, test } from 'vitest'
import { checkedConfig, defaultTimings } from './config.ts'
import { dns, mdns, seeds } from './index.ts'

const source = readFileSync(new URL('config.ts', import.meta.url), 'utf8')

test('every timing says the default that it has', () => {
  const documented = [...source.matchAll(/@default (\d+|Infinity)[^/]*\*\/\s+readonly (\w+): number/g)].map(
    ([, value, name]) => [name, Number(value)] as const,
  )
  expect(Object.fromEntries(documented)).toEqual(defaultTimings)
})

const refusal = (make: () => unknown): string => {
  try {
    make()
  } catch (error) {
    return `${codeOf(error)} ${reasonOf(error)}`
  }
  return 'accepted'
}

const complete = { cluster: 'test', secrets: ['a secret of the tests'] }

const tcp = 'a TCP multiaddr with an IP address and a port to 65535, such as /ip4/0.0.0.0/tcp/4100'

test.each([
  [{ listenn: [] }, 'listenn is unknown; allowed: cluster, secrets, name, dataDir, listen,'],
  [{ listen: ['0.0.0.0:4100'] }, `listen[0] is "0.0.0.0:4100"; allowed: ${tcp}`],
  [{ listen: ['/ip4/999.1.1.1/tcp/1'] }, `listen[0] is "/ip4/999.1.1.1/tcp/1"; allowed: ${tcp}`],
  [{ listen: ['/ip4/0.0.0.0/tcp/99999'] }, `listen[0] is "/ip4/0.0.0.0/tcp/99999"; allowed: ${tcp}`],
  [{ listen: [] }, 'listen is a list of 0 entries; allowed: a list of 1 to 16 entries'],
  [
    { secrets: ['short'] },
    'secrets[0] is text of 5 characters; allowed: text of 16 to 1024 characters, random',
  ],
  [{ cluster: '' }, 'cluster is ""; allowed: 1 to 64 letters, digits, dots, dashes, underscores'],
  [{ metadata: { http: 4100 } }, 'metadata.http is a number; allowed: up to 16 texts'],
  [
    { discovery: [{ type: 'mdns' }] },
    'discovery[0] is an object; allowed: what mdns(), seeds() or dns() return',
  ],
  [
    { log: { info: () => undefined } },
    'log is an object; allowed: an object with debug(), info(), warn(), error()',
  ],
  [{ timings: { tik: 1 } }, 'timings.tik is unknown; allowed: tick, probeInterval,'],
  [{ timings: { redialMax: 9_000 } }, 'timings.redialMax is 9000; allowed: at most 5000'],
  [{ timings: { fullMesh: 1.5 } }, 'timings.fullMesh is 1.5; allowed: a whole number from 1'],
  [{ allow: ['ann'] }, 'allow[0] is "ann"; allowed: a peer id as `self.id` gives it'],
])('%j is refused by name, with what is allowed', (options, message) => {
  expect(refusal(() => checkedConfig({ ...complete, ...options } as never))).toContain(
    `INVALID_OPTION ${message}`,
  )
})

test.each([
  ['mdns.intervall is unknown; allowed: interval', () => mdns({ intervall: 1 } as never)],
  ['mdns.interval is 0; allowed: a whole number from 100 to 3600000', () => mdns({ interval: 0 })],
  ['dns.name is "app:4100"; allowed: a name', () => dns('app:4100')],
  ['dns.port is 0; allowed: a whole number from 1 to 65535', () => dns('app', { port: 0 })],
  ['seeds is "4100"; allowed: a TCP multiaddr, or host:port', () => seeds(['4100'])],
  ['seeds is text of 8 characters; allowed: a list', () => seeds('app:4100' as never)],
])('a discovery says that %s', (message, make) => {
  expect(refusal(make)).toContain(`INVALID_OPTION ${message}`)
})

test('IPv6 addresses and every option left out are fine', () => {
  expect(checkedConfig({ ...complete, listen: ['/ip6/::/tcp/4100'] })).toMatchObject({
    listen: ['/ip6/::/tcp/4100'],
    topics: [],
    metadata: {},
    timings: defaultTimings,
  })
})
