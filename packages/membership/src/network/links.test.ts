import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { multiaddr } from '@multiformats/multiaddr'
import { afterEach, expect, test } from 'vitest'
import { seeds, type Membership, type MembershipOptions } from '../index.ts'
import { startFreezableProxy } from '../testing/freezable-proxy.ts'
import { portOf, realMembers, until } from '../testing/real-members.ts'
import type { Libp2pNode } from './node.ts'

const { start, stopAll } = realMembers()
afterEach(stopAll)

/** Nobody gives up a link by itself for as long as the test runs. */
const patient: Partial<MembershipOptions> = {
  timings: { silentLink: 600_000, suspicionMin: 300_000, suspicionMax: 300_000 },
}

/** The member, and the libp2p node under it. */
const startWithNode = async (
  name: string,
  options: Partial<MembershipOptions>,
): Promise<{ readonly member: Membership; readonly node: Libp2pNode }> => {
  const nodes = new Map<string, Libp2pNode>()
  const onNode = (message: unknown): void => {
    const { id, libp2p } = message as { readonly id: string; readonly libp2p: Libp2pNode }
    nodes.set(id, libp2p)
  }
  subscribe('grapevine:membership', onNode)
  const member = await start(name, options)
  unsubscribe('grapevine:membership', onNode)
  const node = nodes.get(member.self.id)
  if (node === undefined) throw new Error('the node was not announced')
  return { member, node }
}

const answers = async (from: Membership, to: Membership): Promise<boolean> => {
  const signal = AbortSignal.timeout(500)
  return from.request(to.self.id, 'echo', Uint8Array.of(7), { signal }).then(
    ([first]) => first === 7,
    () => false,
  )
}

test('when a connection is dead and nobody has noticed, a newer one is the link, on both sides', async () => {
  const b = await start('b', patient)
  await using proxy = await startFreezableProxy(portOf(b))
  const { member: a, node } = await startWithNode('a', { ...patient, discovery: [seeds([proxy.address])] })
  for (const member of [a, b]) await member.handle('echo', (request) => request)
  await until(() => a.reachable().length === 1 && b.reachable().length === 1)

  proxy.freeze()
  expect(await Promise.all([answers(a, b), answers(b, a)])).toEqual([false, false])
  await node.dial(multiaddr(proxy.address), { force: true, signal: AbortSignal.timeout(5_000) })

  const healed = async (from: Membership, to: Membership): Promise<void> => {
    const signal = AbortSignal.timeout(10_000)
    while (!(await answers(from, to))) signal.throwIfAborted()
  }
  await Promise.all([healed(a, b), healed(b, a)])
  expect(node.getConnections().length).toBeGreaterThan(1)
}, 30_000)
