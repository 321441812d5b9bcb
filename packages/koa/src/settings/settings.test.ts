import { expect, test } from 'vitest'
import { hasIpv6 } from './addresses.ts'
import { modeWarning } from './mode.ts'
import { readSettings, type Settings } from './settings.ts'
import type { Environment } from './environment.ts'

const good = { CLUSTER_SECRET: 'a secret for the tests'.replaceAll(' ', '-') }

const read = (env: Environment): Settings => readSettings({ appName: 'budget', env })

test('a secret is all that is needed', () => {
  expect(read(good)).toMatchObject({
    mode: 'production',
    host: hasIpv6() ? '::' : '0.0.0.0',
    port: 3000,
    clusterName: 'budget',
    clusterListen: ['/ip4/0.0.0.0/tcp/0', ...(hasIpv6() ? ['/ip6/::/tcp/0'] : [])],
    discovery: [{ name: 'mdns' }],
    compactAfter: 4_194_304,
    logLevel: 'info',
    operators: [],
    peppers: [],
  })
})

test('several secrets are read, the one that signs first', () => {
  expect(read({ CLUSTER_SECRET: 'the-secret-of-2027\nthe-secret-of-2026' }).secrets).toEqual([
    'the-secret-of-2027',
    'the-secret-of-2026',
  ])
})

test('operators are ids of accounts, as they are written', () => {
  expect(read({ ...good, OPERATORS: 'YOVq8928Xw9njz6xoXz5zg, bob' }).operators).toEqual([
    'YOVq8928Xw9njz6xoXz5zg',
    'bob',
  ])
})

test('members that are found by DNS listen where DNS says', () => {
  expect(read({ ...good, CLUSTER_DISCOVERY: 'dns:app.namespace.svc' })).toMatchObject({
    clusterListen: ['/ip4/0.0.0.0/tcp/4100', ...(hasIpv6() ? ['/ip6/::/tcp/4100'] : [])],
    discovery: [{ name: 'dns:app.namespace.svc' }],
  })
})

test.each([
  [{}, 'CLUSTER_SECRET'],
  [{ CLUSTER_SECRET: 'short' }, 'CLUSTER_SECRET'],
  [{ CLUSTER_SECRET_FILE: '/nowhere/secret' }, 'CLUSTER_SECRET_FILE'],
  [{ ...good, CLUSTER_SECRET_FILE: '/nowhere/secret' }, 'CLUSTER_SECRET_FILE'],
  [{ ...good, PORT: '0' }, 'PORT'],
  [{ ...good, PORT: '80x' }, 'PORT'],
  [{ ...good, NODE_NAME: 'no spaces' }, 'NODE_NAME'],
  [{ ...good, CLUSTER_LISTEN: 'localhost:1' }, 'CLUSTER_LISTEN'],
  [{ ...good, CLUSTER_DISCOVERY: 'consul' }, 'CLUSTER_DISCOVERY'],
  [{ ...good, CLUSTER_DISCOVERY: 'seeds' }, 'CLUSTER_SEEDS'],
  [{ ...good, CLUSTER_SEEDS: 'host:port' }, 'CLUSTER_SEEDS'],
  [{ ...good, COMPACT_AFTER: '1023' }, 'COMPACT_AFTER'],
  [{ ...good, COMPACT_AFTER: '4MB' }, 'COMPACT_AFTER'],
  [{ ...good, DATA_SLOTS: '0' }, 'DATA_SLOTS'],
  [{ ...good, DATA_SLOTS: '65' }, 'DATA_SLOTS'],
  [{ ...good, LOG_LEVEL: 'loud' }, 'LOG_LEVEL'],
  [{ ...good, OPERATORS: 'no spaces' }, 'OPERATORS'],
  [{ ...good, PASSWORD_PEPPER: 'too short' }, 'PASSWORD_PEPPER'],
])('%j is refused by one line that names %s', (env, variable) => {
  expect(() => read(env)).toThrow(new RegExp(`^${variable}: [^\\n]+$`))
})

test('a short secret is not repeated in the error', () => {
  expect(() => read({ CLUSTER_SECRET: 'hunter2' })).toThrow(/^(?!.*hunter2)/)
})

test.each(['Production', 'prod', 'production ', 'test', 'developmentx', '', undefined])(
  'NODE_ENV %j is production',
  (value) => {
    expect(read({ ...good, NODE_ENV: value })).toMatchObject({
      mode: 'production',
      host: hasIpv6() ? '::' : '0.0.0.0',
    })
  },
)

test('development is what one asks for, and is for this machine unless HOST says otherwise', () => {
  const development = { ...good, NODE_ENV: 'development' }
  expect(read(development)).toMatchObject({ mode: 'development', host: '127.0.0.1' })
  expect(read({ ...development, HOST: '0.0.0.0' }).host).toBe('0.0.0.0')
})

test('a mode that means nothing is said, with what it is taken as', () => {
  expect(modeWarning({ NODE_ENV: 'prod' })).toBe(
    'NODE_ENV: "prod" is none of production, development; this is taken as production',
  )
  for (const value of ['production', 'development', '', undefined]) {
    expect(modeWarning({ NODE_ENV: value })).toBeUndefined()
  }
})

test('a variable that is set to nothing is not set', () => {
  const names = ['NODE_ENV', 'HOST', 'PORT', 'NODE_NAME', 'DATA_DIR', 'CLUSTER_NAME', 'CLUSTER_SECRET_FILE']
  const cluster = [
    'CLUSTER_LISTEN',
    'CLUSTER_DISCOVERY',
    'CLUSTER_SEEDS',
    'COMPACT_AFTER',
    'LOG_LEVEL',
    'OPERATORS',
    'PASSWORD_PEPPER',
  ]
  const nothing = Object.fromEntries([...names, ...cluster].map((name) => [name, ' ']))
  const plain = ({ discovery, ...rest }: Settings) => ({
    ...rest,
    discovery: discovery.map(({ name }) => name),
  })
  expect(plain(read({ ...nothing, ...good }))).toEqual(plain(read(good)))
})

test('what the app decides needs no variable', () => {
  const secrets = ['a secret that the app has from elsewhere']
  const settings = readSettings({ appName: 'chat', env: { PORT: 'x' }, overrides: { secrets, port: 80 } })
  expect(settings).toMatchObject({ secrets, port: 80, clusterName: 'chat' })
})

test.each([
  [{ PUBLIC_URL: 'example.com' }, 'PUBLIC_URL'],
  [{ PUBLIC_URL: 'ftp://example.com' }, 'PUBLIC_URL'],
  [{ PUBLIC_URL: 'https://user:word@example.com' }, 'PUBLIC_URL'],
  [{ PUBLIC_URL: 'https://example.com/?x' }, 'PUBLIC_URL'],
  [{ BASE_PATH: 'app' }, 'BASE_PATH'],
  [{ BASE_PATH: '/a/../b//' }, 'BASE_PATH'],
  [{ METRICS_LISTEN: '9100' }, 'METRICS_LISTEN'],
  [{ METRICS_LISTEN: 'host:99999' }, 'METRICS_LISTEN'],
  [{ DRAIN_DELAY: '-1' }, 'DRAIN_DELAY'],
  [{ DRAIN_DELAY: '5m' }, 'DRAIN_DELAY'],
  [{ DRAIN_DELAY: '3601' }, 'DRAIN_DELAY'],
  [{ READY_ALONE_AFTER: 'always' }, 'READY_ALONE_AFTER'],
  [{ FINALIZE_AFTER: '24' }, 'FINALIZE_AFTER'],
  [{ FINALIZE_AFTER: '0s' }, 'FINALIZE_AFTER'],
  [{ FINALIZE_AFTER: '31d' }, 'FINALIZE_AFTER'],
  [{ FINALIZE_AFTER: '-1h' }, 'FINALIZE_AFTER'],
  [{ CLUSTER_ANNOUNCE: 'a.example.org:4100' }, 'CLUSTER_ANNOUNCE'],
  [{ CLUSTER_LISTEN: '/ip4/999.1.1.1/tcp/1' }, 'CLUSTER_LISTEN'],
  [{ CLUSTER_LISTEN: '/ip4/0.0.0.0/tcp/99999' }, 'CLUSTER_LISTEN'],
])('%j is refused by one line that names %s', (env, variable) => {
  expect(() => read({ ...good, ...env })).toThrow(new RegExp(`^${variable}: [^\\n]+$`))
})

test('how it is reached is read from the environment', () => {
  const env = {
    ...good,
    PUBLIC_URL: 'https://example.com/app/',
    METRICS_LISTEN: '[::1]:9100',
    DRAIN_DELAY: '2.5s',
    READY_ALONE_AFTER: 'never',
    CLUSTER_ANNOUNCE: '/dns4/a.example.org/tcp/4100, /ip4/203.0.113.9/tcp/4100',
  }
  expect(read(env)).toMatchObject({
    publicUrl: 'https://example.com',
    basePath: '/app',
    metricsListen: { host: '::1', port: 9_100 },
    drainDelay: 2_500,
    readyAloneAfter: Infinity,
    clusterAnnounce: ['/dns4/a.example.org/tcp/4100', '/ip4/203.0.113.9/tcp/4100'],
  })
  expect(read(good)).toMatchObject({ drainDelay: 5_000, readyAloneAfter: 30_000, basePath: '' })
  expect(read({ ...good, NODE_ENV: 'development' }).drainDelay).toBe(0)
})

test('IPv6 is listened on where others may reach this machine by it', () => {
  const address = (family: 'IPv4' | 'IPv6', scopeid: number, internal: boolean) => ({
    address: '',
    netmask: '',
    mac: '',
    cidr: null,
    internal,
    ...(family === 'IPv6' ? { family, scopeid } : { family }),
  })
  expect(hasIpv6({ eth0: [address('IPv4', 0, false), address('IPv6', 0, false)] })).toBe(true)
  expect(
    hasIpv6({ lo: [address('IPv6', 0, true)], eth0: [address('IPv4', 0, false), address('IPv6', 2, false)] }),
  ).toBe(false)
})
