import { admissionKeys } from './network/admission/admission.ts'
import { checkedConfig, type Config, type MembershipOptions } from './config.ts'
import { loadIdentity, type Identity } from './disk/identity.ts'
import { createNode, type Libp2pNode } from './network/node.ts'
import { topicWireName } from './network/topics.ts'
import { rosterFile } from './disk/roster-file.ts'
import { attempts } from './discovery/report.ts'
import { startListening } from './network/listening.ts'
import { logRefusals } from './network/admission/refusals.ts'
import type { DiscoveryContext } from './discovery/discovery.ts'
import { ownProtocol } from './shell/own-protocol.ts'
import { run } from './shell/running-member.ts'
import type { Protocol } from './shell/protocol.ts'
import type { Membership } from './membership.ts'

/** Starts a member: it listens, looks for others, and is joined by them until it leaves. */
export const createMembership = async (options: MembershipOptions): Promise<Membership> => {
  const config = checkedConfig(options)
  config.signal?.throwIfAborted()
  const identity = await loadIdentity(config.dataDir, Date.now)
  const roster = rosterFile(config.dataDir, config.log, Date.now)
  const now = (): number => performance.now()
  const protocol = ownProtocol(config, identity, await roster.load(config.timings.forgetDown), now)
  const stopped = new AbortController()
  const tried = attempts()
  const onClone = (): void => protocol.handle({ type: 'cloned' })
  const node = await createNode(nodeOptions(config, identity, onClone))
  try {
    const running = await run({ config, protocol, node, roster, attempts: tried, stopped, now })
    await startListening(node)
    running.begin()
    config.discovery.forEach((discovery, index) =>
      discovery.start({
        cluster: config.cluster,
        log: config.log,
        signal: stopped.signal,
        tried,
        self: () => addressesOf(node),
        found: tellProtocol(protocol, `${discovery.name} ${index}`),
      }),
    )
    config.signal?.throwIfAborted()
    return running.membership
  } catch (error) {
    stopped.abort()
    await node.stop()
    throw error
  }
}

const addressesOf = (node: Libp2pNode): ReturnType<DiscoveryContext['self']> => ({
  id: node.peerId.toString(),
  addresses: node.getMultiaddrs().map((address) => address.toString()),
})

const tellProtocol =
  ({ handle }: Protocol, source: string): DiscoveryContext['found'] =>
  (found) =>
    handle(found.type === 'configured' ? { ...found, source } : found)

const nodeOptions = (
  { cluster, secrets, listen, announce, topics, allow, log }: Config,
  identity: Identity,
  onClone: () => void,
): Parameters<typeof createNode>[0] => ({
  privateKey: identity.privateKey,
  listen,
  announce,
  topics: topics.map((name) => topicWireName(cluster, name)),
  admission: {
    keys: admissionKeys(cluster, secrets),
    allow: allow === undefined ? undefined : new Set(allow),
    onRefused: logRefusals(cluster, log, Date.now),
    onClone,
  },
})
