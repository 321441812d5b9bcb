import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { pino } from 'pino'
import { readSettings } from '../settings/settings.ts'
import { join as joinCluster } from './join.ts'
import { createMembership } from '@grapevine/membership'

const failureAt = async (listen: string): Promise<unknown> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'join-'))
  onTestFinished(() => rm(dataDir, { recursive: true }))
  const env = { CLUSTER_SECRET: 'the-secret-of-a-test', CLUSTER_LISTEN: listen, DATA_DIR: dataDir }
  const settings = readSettings({ appName: 'test', env, overrides: { discovery: [] } })
  const log = pino({ level: 'silent' })
  return joinCluster(settings, [], { join: createMembership, log }).catch((error: unknown) => error)
}

test('a cluster port that another process has is told by the variable, in one line', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  const failure = await failureAt(`/ip4/127.0.0.1/tcp/${port}`)
  expect(failure).toMatchObject({
    code: 'SETTING',
    message: `CLUSTER_LISTEN: /ip4/127.0.0.1/tcp/${port} is in use by another process`,
  })
})

test('an address of another machine is told so', async () => {
  const failure = await failureAt('/ip4/203.0.113.9/tcp/4100')
  expect(failure).toMatchObject({
    message: 'CLUSTER_LISTEN: /ip4/203.0.113.9/tcp/4100 is not an address of this machine',
  })
})

test('where several processes share a folder, whoever finds the cluster port taken has the next', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const listen = `/ip4/127.0.0.1/tcp/${port}`
  const dataDir = await mkdtemp(join(tmpdir(), 'join-'))
  onTestFinished(() => rm(dataDir, { recursive: true }))
  const env = {
    CLUSTER_SECRET: 'the-secret-of-a-test',
    CLUSTER_LISTEN: listen,
    DATA_DIR: dataDir,
    DATA_SLOTS: '9',
  }
  const settings = readSettings({ appName: 'test', env, overrides: { discovery: [] } })
  const log = pino({ level: 'silent' })
  const membership = await joinCluster(settings, [], { join: createMembership, log })
  onTestFinished(() => membership.leave())
  const [at] = membership.self.addresses
  expect(Number(/\/tcp\/(\d+)/.exec(at ?? '')?.[1])).toBeGreaterThan(port)
})
