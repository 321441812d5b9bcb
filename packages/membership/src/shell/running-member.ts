import { reasonOf, unlessAborted, type Log } from '@grapevine/std'
import { checkMetadata, type Config } from '../config.ts'
import { limits } from '../limits.ts'
import { memberOf } from '../core/state/claim.ts'
import { initialState } from '../core/state/state.ts'
import type { Effect, MembershipEvent } from '../core/state/effect.ts'
import { viewOf } from '../core/roster/view.ts'
import { createEmitter } from './emitter.ts'
import { type Identity } from '../disk/identity.ts'
import { dial } from '../network/dial.ts'
import { openLinks } from '../network/links.ts'
import { type Libp2pNode } from '../network/node.ts'
import { openRequests } from '../network/requests/requests.ts'
import { openTopics } from '../network/topics.ts'
import { type RosterFile } from '../disk/roster-file.ts'
import { aloneInterval, aloneLine, watchAlone } from '../discovery/alone.ts'
import type { Attempts } from '../discovery/report.ts'
import { runProtocol, type Protocol } from './protocol.ts'
import { incarnationProofs } from '../network/admission/incarnation-proofs.ts'
import { logNotices, nameOf } from './notices.ts'
import { commonVersions, ownProtocols, type Versions } from '../core/state/versions.ts'
import type { Member } from '../core/state/member.ts'
import type { Membership } from '../membership.ts'

/** Milliseconds between two looks at whether the roster on disk is out of date. */
const rosterInterval = 2_000

export interface Running {
  readonly protocol: Protocol
  readonly membership: Membership
  /** Once the node listens. */
  begin(): void
}

/** Connects the core, the node and the application with each other. */
export const run = async (
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
  const speaks: Versions = { protocols: ownProtocols, gates: config.gates, features: config.features }
  const self: Member = { id, name, incarnation, addresses: [], metadata, state: 'alive', speaks }
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
  const tell = logNotices(log, self, (member) => nameOf(protocol.state, member), now)
  const protocol = runProtocol(
    initialState(self, timings, Math.random, now(), { proofs, remembered, wallClock: Date.now }),
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
    memberOf(protocol.state.self),
    ...[...protocol.state.peers.values()].map(({ member, skew }) =>
      skew === undefined ? memberOf(member) : { ...memberOf(member), skew },
    ),
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
        return memberOf(protocol.state.self)
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
      speaks: (other) => {
        const member = members().find((one) => one.id === other)
        return member === undefined ? undefined : commonVersions(speaks, member.speaks)
      },
      allSpeak: (feature) =>
        members().every(
          ({ state, speaks }) => state === 'left' || speaks?.features.includes(feature) === true,
        ),
      ignored: () => protocol.state.ignored,
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
