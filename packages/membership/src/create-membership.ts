import { admissionKeys } from './network/admission/admission.ts'
import { checkedConfig, type Config, type MembershipOptions } from './config.ts'
import { loadIdentity, type Identity } from './disk/identity.ts'
import { createNode } from './network/node.ts'
import { topicWireName } from './network/topics.ts'
import { rosterFile } from './disk/roster-file.ts'
import { attempts } from './discovery/report.ts'
import { startListening } from './network/listening.ts'
import { logRefusals } from './network/admission/refusals.ts'
import type { Discovery, DiscoveryContext, Found } from './discovery/discovery.ts'
import { run } from './shell/running-member.ts'
import type { Membership } from './membership.ts'

/** Starts a member: it listens, looks for others, and is joined by them until it leaves. */
export const createMembership = async (options: MembershipOptions): Promise<Membership> => {
  const config = checkedConfig(options)
  config.signal?.throwIfAborted()
  const identity = await loadIdentity(config.dataDir, Date.now)
  const stopped = new AbortController()
  // Discovery is heard once the protocol runs.
  let heard: (found: Found, source: string) => void = () => undefined
  let cloned: () => void = () => undefined
  const tried = attempts()
  const ways = config.discovery.map((discovery, index) => ({
    discovery,
    context: {
      ...contextOf(config, stopped.signal, (found) => heard(found, `${discovery.name} ${index}`)),
      tried,
    },
  }))
  const node = await createNode(nodeOptions(config, identity, ways, () => cloned()))
  try {
    const roster = rosterFile(config.dataDir, config.log, Date.now)
    const running = await run(node, config, identity, stopped, roster, tried)
    cloned = () => running.protocol.handle({ type: 'cloned' })
    heard = (found, source) =>
      running.protocol.handle(found.type === 'configured' ? { ...found, source } : found)
    await startListening(node)
    running.begin()
    for (const { discovery, context } of ways) if (discovery.type === 'active') discovery.start(context)
    config.signal?.throwIfAborted()
    return running.membership
  } catch (error) {
    stopped.abort()
    await node.stop()
    throw error
  }
}

interface Way {
  readonly discovery: Discovery
  readonly context: DiscoveryContext
}

const contextOf = (
  { cluster, log }: Config,
  signal: AbortSignal,
  found: (found: Found) => void,
): DiscoveryContext => ({ cluster, log, signal, found })

const nodeOptions = (
  { cluster, secrets, listen, announce, topics, allow, log }: Config,
  identity: Identity,
  ways: readonly Way[],
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
  discovery: ways.flatMap(({ discovery, context }) =>
    discovery.type === 'libp2p' ? [discovery.create(context)] : [],
  ),
})
