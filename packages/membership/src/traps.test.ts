import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { realMembers, joining, portOf, recordingLog, sees, until } from './testing/real-members.ts'
import { seeds, type Membership } from './index.ts'
import type { Libp2pNode } from './network/node.ts'

const { start, stopAll } = realMembers()
const sockets: Socket[] = []
afterEach(async () => {
  sockets.splice(0).forEach((socket) => socket.destroy())
  await stopAll()
})

const open = async (member: Membership): Promise<Socket> => {
  const socket = connect(portOf(member), '127.0.0.1')
  sockets.push(socket)
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

test('500 connections of random bytes neither stall a member nor fill its memory', async () => {
  const a = await start('a')
  const before = process.memoryUsage.rss()
  const stalls = monitorEventLoopDelay({ resolution: 5 })
  stalls.enable()
  for (let round = 0; round < 10; round += 1) {
    const batch = await Promise.all(Array.from({ length: 50 }, () => open(a)))
    for (const socket of batch) socket.write(randomBytes(4_096))
  }
  await delay(1_000)
  stalls.disable()
  const grown = (process.memoryUsage.rss() - before) / 1_048_576
  console.info(
    `longest stall ${(stalls.max / 1e6).toFixed(0)} ms, ${grown.toFixed(0)} MiB more, for both ends`,
  )
  // Both ends of all connections run here, on a machine that does other things too: the figure is in docs/.
  expect(stalls.max / 1e6).toBeLessThan(1_000)
  expect(grown).toBeLessThan(128)
  const b = await start('b', joining(a))
  await sees(b, ['a', 'b'])
})

test('idle sockets that are held on the port do not keep a member out', async () => {
  const a = await start('a')
  await Promise.all(Array.from({ length: 30 }, () => open(a)))
  const began = Date.now()
  const b = await start('b', joining(a))
  await Promise.all([a, b].map((member) => sees(member, ['a', 'b'], 5_000)))
  console.info(`joined after ${Date.now() - began} ms`)
  expect(a.reachable()).toContain(b.self.id)
})

/** Forwards to a member and keeps every byte that comes back. */
const wiretap = async (member: Membership) => {
  const captured: Buffer[] = []
  const server = createServer((client) => {
    const upstream = connect(portOf(member), '127.0.0.1')
    sockets.push(client, upstream)
    for (const socket of [client, upstream]) socket.on('error', () => undefined)
    client.pipe(upstream)
    upstream.on('data', (bytes) => captured.push(bytes)).pipe(client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { port: address.port, captured, close: () => server.close() }
}

test('a stranger gets the handshake and nothing else, however often it comes', async () => {
  const { log, warnings } = recordingLog()
  const a = await start('a', { log, metadata: { marker: 'metadata-of-a-member' } })
  const b = await start('b', joining(a))
  await sees(a, ['a', 'b'])
  const tap = await wiretap(a)
  const stranger = await start('stranger', {
    secrets: ['not the secret of the tests'],
    discovery: [seeds([`127.0.0.1:${tap.port}`])],
    log,
  })
  stranger.topic('news').subscribe(() => expect.unreachable('a stranger heard a message'))
  const talking = setInterval(() => void b.topic('news').publish(Buffer.from('confidential')), 20)
  await until(() => warnings().length >= 2)
  await delay(1_000)
  clearInterval(talking)
  tap.close()
  expect(warnings()).toHaveLength(2)
  expect(stranger.members()).toHaveLength(1)
  expect(a.members()).toHaveLength(2)
  // multistream, Noise, a nonce, a proof for each secret, a farewell; counted for each attempt.
  const attempts = Buffer.concat(tap.captured).toString('latin1').split('/multistream/1.0.0').length - 1
  const perAttempt = Buffer.concat(tap.captured).length / attempts
  console.info(`${attempts} attempts, ${perAttempt.toFixed(0)} bytes each`)
  expect(perAttempt).toBeLessThan(600)
  expect(attempts).toBeGreaterThan(0)
})

test('one who speaks no Noise gets a protocol name and nothing else', async () => {
  const a = await start('a')
  const socket = await open(a)
  const heard: Buffer[] = []
  socket.on('data', (bytes) => heard.push(bytes))
  for (const line of ['/multistream/1.0.0', '/yamux/1.0.0', '/meshsub/1.1.0', '/grapevine/membership/1'])
    socket.write(Buffer.concat([Buffer.of(line.length + 1), Buffer.from(`${line}\n`)]))
  await delay(500)
  const answers =
    Buffer.concat(heard)
      .toString('latin1')
      .match(/[\w/.-]+(?=\n)/g) ?? []
  expect(new Set(answers)).toEqual(new Set(['/multistream/1.0.0', 'na']))
})

const withNode = async (started: () => Promise<Membership>): Promise<[Membership, Libp2pNode]> => {
  let node: Libp2pNode | undefined
  const remember = (message: unknown): void => {
    node = (message as { libp2p: Libp2pNode }).libp2p
  }
  subscribe('grapevine:membership', remember)
  const member = await started()
  unsubscribe('grapevine:membership', remember)
  if (node === undefined) throw new Error('no node was announced')
  return [member, node]
}

/** What gossipsub hides: the topics it keeps for others, and how to send any subscriptions at all. */
const inside = ({ services }: Libp2pNode) =>
  services.pubsub as unknown as {
    readonly topics: ReadonlyMap<string, unknown>
    sendSubscriptions(to: string, topics: readonly string[], subscribe: boolean): void
  }

test('160,000 subscriptions of a member leave the topics those that are allowed', async () => {
  const [a, node] = await withNode(() => start('a', { topics: ['news', 'more'] }))
  const friend = await start('friend', { ...joining(a), topics: ['news', 'more'] })
  a.topic('news').subscribe(() => undefined)
  friend.topic('more').subscribe(() => undefined)
  const [, hostile] = await withNode(() => start('hostile', joining(a)))
  await until(() => a.reachable().length === 2)
  for (let batch = 0; batch < 16; batch += 1) {
    // Straight into gossipsub, as a patched member would.
    const topics = Array.from({ length: 10_000 }, (_, index) => `flood/${batch}/${index}`)
    inside(hostile).sendSubscriptions(node.peerId.toString(), topics, true)
    await delay(20)
  }
  await delay(2_000)
  const wireNames = ['news', 'more'].map((topic) => `grapevine/test/${topic}`)
  expect(wireNames).toEqual(expect.arrayContaining([...inside(node).topics.keys()]))
  await until(() => inside(node).topics.has('grapevine/test/more'))
  await sees(friend, ['a', 'friend', 'hostile'])
})

test('16 members on one address, started at once, all join and hear every message', async () => {
  const first = await start('m0')
  // One event loop for all of them: how fast 16 processes are is measured, see docs/membership.md.
  const began = Date.now()
  const others = await Promise.all(
    Array.from({ length: 15 }, (_, index) => start(`m${index + 1}`, joining(first))),
  )
  const all = [first, ...others]
  const names = all.map(({ self }) => self.name)
  await Promise.all(all.map((member) => sees(member, names, 60_000)))
  console.info(`16 members complete after ${Date.now() - began} ms, all in one process`)
  const heard = all.map((member) => {
    const messages = new Set<string>()
    member.topic('news').subscribe((bytes) => messages.add(Buffer.from(bytes).toString()))
    return messages
  })
  await until(() => all.every((member) => member.reachable().length === 15), 60_000)
  // Subscriptions and meshes take a heartbeat or two of gossipsub.
  await delay(3_000)
  await Promise.all(all.map((member) => member.topic('news').publish(Buffer.from(member.self.name))))
  await until(() => heard.every((messages) => messages.size === 15))
  expect(heard.map(({ size }) => size)).toEqual(all.map(() => 15))
}, 120_000)
