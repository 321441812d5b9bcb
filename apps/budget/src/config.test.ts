import { expect, test } from 'vitest'
import { readConfig } from './config.ts'

const good = { CLUSTER_SECRET: 'a secret for the tests'.replaceAll(' ', '-') }

test('a secret is all that is needed', () => {
  expect(readConfig(good)).toMatchObject({
    mode: 'development',
    http: { host: '0.0.0.0', port: 3000 },
    clusterName: 'budget',
    listen: ['/ip4/0.0.0.0/tcp/0'],
    discovery: [{ name: 'mdns' }],
    compactAfter: 4_194_304,
    logLevel: 'info',
    operators: [],
  })
})

test('several secrets are read newest first', () => {
  expect(readConfig({ CLUSTER_SECRET: 'the-secret-of-2027\nthe-secret-of-2026' }).secrets).toEqual([
    'the-secret-of-2027',
    'the-secret-of-2026',
  ])
})

test('operators are compared as usernames are', () => {
  expect(readConfig({ ...good, OPERATORS: 'Ada, BOB' }).operators).toEqual(['ada', 'bob'])
})

test('members that are found by DNS listen where DNS says', () => {
  expect(readConfig({ ...good, CLUSTER_DISCOVERY: 'dns:app.namespace.svc' })).toMatchObject({
    listen: ['/ip4/0.0.0.0/tcp/4100'],
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
  [{ ...good, CLUSTER_NAME: '' }, 'CLUSTER_NAME'],
  [{ ...good, CLUSTER_LISTEN: 'localhost:1' }, 'CLUSTER_LISTEN'],
  [{ ...good, CLUSTER_DISCOVERY: 'consul' }, 'CLUSTER_DISCOVERY'],
  [{ ...good, CLUSTER_DISCOVERY: 'seeds' }, 'CLUSTER_SEEDS'],
  [{ ...good, CLUSTER_SEEDS: 'host:port' }, 'CLUSTER_SEEDS'],
  [{ ...good, COMPACT_AFTER: '1023' }, 'COMPACT_AFTER'],
  [{ ...good, COMPACT_AFTER: '4MB' }, 'COMPACT_AFTER'],
  [{ ...good, LOG_LEVEL: 'loud' }, 'LOG_LEVEL'],
  [{ ...good, OPERATORS: 'no spaces' }, 'OPERATORS'],
])('%j is refused by one line that names %s', (env, variable) => {
  expect(() => readConfig(env)).toThrow(new RegExp(`^${variable}: [^\\n]+$`))
})

test('a short secret is not repeated in the error', () => {
  expect(() => readConfig({ CLUSTER_SECRET: 'hunter2' })).toThrow(/^(?!.*hunter2)/)
})
