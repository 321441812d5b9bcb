import { systemClock } from '@grapevine/std'
import { admissionKeys } from './network/admission/admission.ts'
import { checkedConfig, type Config, type MembershipOptions } from './config.ts'
import { loadIdentity, type Identity } from './disk/identity.ts'
import { createNode } from './network/node.ts'
import { topicWireName } from './network/topics.ts'
import { finalisedFile } from './disk/finalised-file.ts'
import { rosterFile } from './disk/roster-file.ts'
import { attempts, type Attempts } from './discovery/report.ts'
import { startListening } from './network/listening.ts'
import { logRefusals } from './network/admission/refusals.ts'
import type { Discovery, DiscoveryContext, Found } from './discovery/discovery.ts'
import { ownProtocol } from './shell/own-protocol.ts'
import { upgrading } from './shell/upgrade.ts'
import { run } from './shell/running-member.ts'
import type { CoreRunner } from './shell/core-runner.ts'
import type { Membership } from './membership.ts'

/** Starts a member: it listens, looks for others, and is joined by them until it leaves. */
export const createMembership = (options: MembershipOptions): Promise<Membership> =>
  startMember(checkedConfig(options))

/** For tests also as a version to come: with other protocols than this build's. */
export const startMember = async (config: Config): Promise<Membership> => {
  config.signal?.throwIfAborted()
  const finalisedAt = finalisedFile(config.dataDir, config.log)
  // Before anything of the folder is changed.
  const finalised = await finalisedAt.load(config.protocols[1])
  const identity = await loadIdentity(config.dataDir, Date.now)
  const roster = rosterFile(config.dataDir, config.log, Date.now)
  const now = (): number => performance.now()
  const remembered = await roster.load(config.timings.forgetDown)
  const protocol = ownProtocol(config, identity, remembered, now, finalised)
  const upgrade = upgrading(protocol, finalisedAt, systemClock, config.log)
  const stopped = new AbortController()
  const tried = attempts()
  const ways = waysOf(config, protocol, stopped.signal, tried)
  const onClone = (): void => protocol.handle({ type: 'cloned' })
  const node = await createNode(nodeOptions(config, identity, ways, onClone))
  try {
    const running = await run({ config, protocol, node, roster, upgrade, attempts: tried, stopped, now })
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

const waysOf = (
  { cluster, log, discovery }: Config,
  { handle }: CoreRunner,
  signal: AbortSignal,
  tried: Attempts,
): Way[] =>
  discovery.map((one, index) => {
    const source = `${one.name} ${index}`
    const found = (what: Found): void => handle(what.type === 'configured' ? { ...what, source } : what)
    return { discovery: one, context: { cluster, log, signal, found, tried } }
  })

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
