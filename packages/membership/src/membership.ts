import { reasonOf, unlessAborted, type Log } from '@grapevine/std'
import { admissionKeys } from './network/admission/admission.ts'
import { checkedConfig, checkMetadata, type Config, type MembershipOptions } from './config.ts'
import { limits } from './limits.ts'
import { memberOf } from './core/state/claim.ts'
import { initialState } from './core/state/state.ts'
import type { Effect, MembershipEvent } from './core/state/effect.ts'
import { viewOf, type View } from './core/roster/view.ts'
import { createEmitter, type MembershipListener } from './emitter.ts'
import { loadIdentity, type Identity } from './identity.ts'
import { dial } from './network/dial.ts'
import { openLinks } from './network/links.ts'
import { createNode, type Libp2pNode } from './network/node.ts'
import { openRequests } from './network/requests/requests.ts'
import type { RequestHandler } from './network/requests/answering.ts'
import { openTopics, topicWireName, type Topic } from './network/topics.ts'
import { rosterFile, type RosterFile } from './roster-file.ts'
import { aloneInterval, aloneLine, watchAlone } from './discovery/alone.ts'
import { attempts, type Attempts, type DiscoveryReport } from './discovery/report.ts'
import { startListening } from './network/listening.ts'
import { runProtocol, type Protocol } from './protocol.ts'
import { incarnationProofs } from './network/admission/incarnation-proofs.ts'
import { logNotices, nameOf } from './notices.ts'
import { logRefusals } from './network/admission/refusals.ts'
import type { Member } from './core/state/member.ts'
import type { Discovery, DiscoveryContext, Found } from './discovery/discovery.ts'

export interface Membership extends AsyncDisposable {
  /** This member, as it tells others of itself. */
  readonly self: Member
  /** All members that this node knows of, itself included, in every state. */
  members(): readonly Member[]
  /** Ids of the members that this node can send requests to now. */
  reachable(): readonly string[]
  view(): View
  /** Members that have not left, this one and those remembered from the disk included. */
  size(): number
  /**
   * Takes a member that is down off every roster: it will not come back. If it does, it is a member again.
   * @returns whether there was such a member, and it was down
   */
  forget(id: string): boolean
  on(type: MembershipEvent['type'], listener: MembershipListener): () => void
  topic(name: string): Topic
  /** Asks one member. Rejects if it is not linked, does not answer before the signal, or the size is over the bound. */
  request(
    member: string,
    protocol: string,
    bytes: Uint8Array,
    options: { readonly signal: AbortSignal },
  ): Promise<Uint8Array>
  /** @returns how to stop answering; the protocol can be handled anew then */
  handle(protocol: string, handler: RequestHandler): Promise<() => void>
  /** What was tried to find others, and whether there is reason to believe in any. */
  discovery(): DiscoveryReport
  /** Replaces the metadata and tells every member. */
  setMetadata(metadata: Readonly<Record<string, string>>): void
  /**
   * Says goodbye and stops; afterwards nothing of this member is left running. Rejects when the signal is
   * aborted before that; the stopping goes on.
   */
  leave(options?: { readonly signal?: AbortSignal }): Promise<void>
}

/** Starts a member: it listens, looks for others, and is joined by them until it leaves. */
export const createMembership = async (options: MembershipOptions): Promise<Membership> => {
  const config = checkedConfig(options)
  config.signal?.throwIfAborted()
  const identity = await loadIdentity(config.dataDir, Date.now)
  const stopped = new AbortController()
  // Discovery is heard once the protocol runs.
  let heard: (found: Found, source: string) => void = () => undefined
  const tried = attempts()
  const ways = config.discovery.map((discovery, index) => ({
    discovery,
    context: {
      ...contextOf(config, stopped.signal, (found) => heard(found, `${discovery.name} ${index}`)),
      tried,
    },
  }))
  const node = await createNode(nodeOptions(config, identity, ways))
  try {
    const roster = rosterFile(config.dataDir, config.log, Date.now)
    const running = await run(node, config, identity, stopped, roster, tried)
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

/** Milliseconds between two looks at whether the roster on disk is out of date. */
const rosterInterval = 2_000

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
): Parameters<typeof createNode>[0] => ({
  privateKey: identity.privateKey,
  listen,
  announce,
  topics: topics.map((name) => topicWireName(cluster, name)),
  admission: {
    keys: admissionKeys(cluster, secrets),
    allow: allow === undefined ? undefined : new Set(allow),
    onRefused: logRefusals(cluster, log, Date.now),
  },
  discovery: ways.flatMap(({ discovery, context }) =>
    discovery.type === 'libp2p' ? [discovery.create(context)] : [],
  ),
})

interface Running {
  readonly protocol: Protocol
  readonly membership: Membership
  /** Once the node listens. */
  begin(): void
}

/** Connects the core, the node and the application with each other. */
const run = async (
  node: Libp2pNode,
  config: Config,
  { incarnation, privateKey }: Identity,
  stopped: AbortController,
  roster: RosterFile,
  tried: Attempts,
): Promise<Running> => {
  const remembered = (await roster.load(config.timings.forgetDown)).filter(
    (member) => member.id !== node.peerId.toString(),
  )
  const { cluster, log, metadata, timings, topics } = config
  const id = node.peerId.toString()
  const now = (): number => performance.now()
  const name = config.name ?? id.slice(-8)
  const self: Member = { id, name, incarnation, addresses: [], metadata, state: 'alive' }
  const events = createEmitter((error) =>
    log.warn({ reason: reasonOf(error) }, 'a listener of members threw'),
  )

  const perform = (effect: Effect): void => {
    switch (effect.type) {
      case 'send':
        return links.send(effect.to, effect.message)
      case 'hangUp':
        return links.hangUp(effect.peer)
      case 'dial':
        return void dial(node, effect, stopped.signal, log, tried).then((outcome) =>
          protocol.handle({ type: 'dialled', target: effect.target, outcome }),
        )
      case 'notify':
        return tell(effect.notice)
      case 'emit':
        logEvent(log, effect.event)
        return events.emit(effect.event)
    }
  }
  const proofs = incarnationProofs(cluster, id, privateKey)
  const tell = logNotices(log, (member) => nameOf(protocol.state, member))
  const protocol = runProtocol(
    initialState(self, timings, Math.random, now(), { proofs, remembered }),
    perform,
    now,
  )
  const { handle } = protocol

  const links = await openLinks(
    node,
    '/grapevine/membership/1',
    {
      linked: (peer) => handle({ type: 'linked', peer }),
      unlinked: (peer) => handle({ type: 'unlinked', peer }),
      received: (from, message) => handle({ type: 'received', from, message }),
      malformed: (from) => handle({ type: 'malformed', from }),
    },
    log,
  )
  const requests = await openRequests(node, links, log)
  const members = (): Member[] => [
    protocol.state.self,
    ...[...protocol.state.peers.values()].map((peer) => memberOf(peer.member)),
    ...protocol.state.remembered.values(),
  ]

  let clock: NodeJS.Timeout | undefined
  let saving: NodeJS.Timeout | undefined
  let saying: NodeJS.Timeout | undefined
  const stop = async (): Promise<void> => {
    clearInterval(clock)
    clearInterval(saving)
    clearInterval(saying)
    handle({ type: 'leave' })
    await roster.save(members().slice(1))
    stopped.abort()
    links.close()
    await node.stop()
  }
  let leaving: Promise<void> | undefined
  const usesMdns = config.discovery.some((discovery) => discovery.name === 'mdns')
  const report = watchAlone({ attempts: tried, usesMdns, state: () => protocol.state, now })
  const sayIfAlone = (): void => {
    const now = report()
    if (now.isAlone) log.warn({ expectsOthers: now.expectsOthers }, aloneLine(cluster, now))
  }
  const leave: Membership['leave'] = ({ signal } = {}) => unlessAborted((leaving ??= stop()), signal)

  return {
    protocol,
    begin: () => {
      tellAddresses(node, protocol)
      node.addEventListener('self:peer:update', () => tellAddresses(node, protocol))
      clock = setInterval(() => handle({ type: 'tick' }), timings.tick)
      saving = setInterval(() => void roster.save(members().slice(1)), rosterInterval)
      saying = setInterval(sayIfAlone, aloneInterval)
    },
    membership: {
      get self() {
        return protocol.state.self
      },
      members,
      reachable: () => [...protocol.state.reachable],
      view: () => viewOf(members()),
      size: () => members().filter(({ state }) => state !== 'left').length,
      forget: (id) => {
        const isDown = members().some((member) => member.id === id && member.state === 'down')
        handle({ type: 'forget', id })
        return isDown
      },
      on: events.on,
      topic: openTopics(node, cluster, topics, log),
      request: requests.request,
      handle: requests.handle,
      discovery: report,
      setMetadata: (metadata) => {
        handle({ type: 'changed', self: { metadata: checkMetadata('metadata', metadata) } })
      },
      leave,
      [Symbol.asyncDispose]: () => leave(),
    },
  }
}

const logEvent = (log: Log, { type, member: { id, name } }: MembershipEvent): void => {
  const isStateChange = type !== 'member:linked' && type !== 'member:unlinked'
  log[isStateChange ? 'info' : 'debug']({ member: id, name }, type)
}

const tellAddresses = (node: Libp2pNode, { state, handle }: Protocol): void => {
  const addresses = node
    .getMultiaddrs()
    .map((address) => address.toString())
    .slice(0, limits.addresses)
  if (addresses.join() !== state.self.addresses.join()) handle({ type: 'changed', self: { addresses } })
}
