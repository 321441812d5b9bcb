import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { seeds } from '../index.ts'
import { portOf, realMembers, sees, until } from '../testing/real-members.ts'
import { aloneLine } from './alone.ts'
import { multicastInterfaces } from './report.ts'

const { start, stopAll } = realMembers()
afterEach(stopAll)

test('who finds nobody says what was tried, and what came of each', async () => {
  const a = await start('a', {
    discovery: [
      seeds(['127.0.0.1:1', 'nobody:4100'], {
        lookup: () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' })),
        resolveSrv: async () => [],
      }),
    ],
  })
  await until(() => a.discovery().addresses.length === 1)
  const report = a.discovery()
  expect(report).toMatchObject({
    expectsOthers: true,
    isAlone: true,
    names: [{ name: 'nobody', answers: [], failure: 'no such name' }],
    addresses: [{ address: '/ip4/127.0.0.1/tcp/1', outcome: 'failed', reason: 'connection refused' }],
  })
  expect(aloneLine('test', report)).toMatch(
    /^no other member of cluster "test" is linked after \d s: nobody: no such name; .*\/tcp\/1: connection refused$/,
  )
})

test('who is told nothing has no reason to believe in others; nor has one whose only seed is itself', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  server.close()
  const alone = await start('alone')
  expect(alone.discovery()).toMatchObject({ expectsOthers: false, isAlone: true, names: [], addresses: [] })
  const self = await start('self', {
    listen: [`/ip4/127.0.0.1/tcp/${port}`],
    discovery: [seeds([`127.0.0.1:${port}`])],
  })
  await until(() => self.discovery().addresses[0]?.outcome === 'self')
  expect(self.discovery().expectsOthers).toBe(false)
})

test('a balancer that sends whoever asks to itself at first leads to another in the end', async () => {
  const b = await start('b')
  const ports: number[] = []
  let asked = 0
  const balancer = createServer((near) => {
    const far = connect(ports[asked++ < 2 ? 1 : 0] ?? 0, '127.0.0.1')
    for (const socket of [near, far]) socket.on('error', () => undefined)
    near.pipe(far).pipe(near)
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void balancer.close())
  await once(balancer, 'listening')
  const address = balancer.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const a = await start('a', { discovery: [] })
  ports.push(portOf(b), portOf(a))
  await a.leave()
  const again = await start('a', {
    listen: [`/ip4/127.0.0.1/tcp/${ports[1]}`],
    discovery: [seeds([`127.0.0.1:${port}`])],
  })
  await sees(again, ['a', 'b'])
  expect(asked).toBeGreaterThan(2)
  await delay(0)
})

test('a port that another process has is told by its address', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const address = server.address()
  const listen = `/ip4/127.0.0.1/tcp/${typeof address === 'object' ? address?.port : 0}`
  await expect(start('a', { listen: [listen] })).rejects.toMatchObject({
    code: 'LISTEN_FAILED',
    message: `listen: ${listen} is in use by another process`,
  })
})

test('what is announced is told to others in place of what is listened on', async () => {
  const announce = ['/dns/node-1.example/tcp/4100']
  const a = await start('a', { announce })
  expect(a.self.addresses).toEqual([`${announce[0]}/p2p/${a.self.id}`])
})

test('an interface says whether mDNS can work on it', () => {
  const at = (address: string, family: 'IPv4' | 'IPv6', internal = false) =>
    ({ address, family, internal, netmask: '', mac: '', cidr: null, scopeid: 0 }) as never
  const report = multicastInterfaces({
    lo: [at('127.0.0.1', 'IPv4', true)],
    eth0: [at('10.0.0.1', 'IPv4'), at('fd00::1', 'IPv6')],
    eth1: [at('203.0.113.7', 'IPv4')],
    eth2: [at('fd00::2', 'IPv6')],
  })
  expect(report).toEqual([
    { name: 'eth0', address: '10.0.0.1', group: '224.0.0.251' },
    { name: 'eth1', address: '203.0.113.7', problem: 'mDNS announces private addresses only' },
    { name: 'eth2', address: 'fd00::2', problem: 'mDNS needs an IPv4 address' },
  ])
})
