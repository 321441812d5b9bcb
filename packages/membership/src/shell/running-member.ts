import { reasonOf, unlessAborted } from '@grapevine/std'
import { aloneInterval, aloneLine, watchAlone } from '../discovery/alone.ts'
import { limits } from '../limits.ts'
import { openLinks, type LinkListener, type Links } from '../network/links.ts'
import { openRequests } from '../network/requests/requests.ts'
import { openTopics } from '../network/topics.ts'
import { createEmitter } from './emitter.ts'
import { membersOf } from './members.ts'
import { membershipOf } from './membership-of.ts'
import { performer } from './perform.ts'
import type { Config } from '../config.ts'
import type { RosterFile } from '../disk/roster-file.ts'
import type { Attempts, DiscoveryReport } from '../discovery/report.ts'
import type { Upgrading } from './upgrade.ts'
import type { Membership } from '../membership.ts'
import type { Libp2pNode } from '../network/node.ts'
import type { CoreRunner } from './core-runner.ts'

/** Milliseconds between two looks at whether the roster on disk is out of date. */
const rosterInterval = 2_000

export interface MemberParts {
  readonly config: Config
  readonly protocol: CoreRunner
  readonly node: Libp2pNode
  readonly roster: RosterFile
  readonly upgrade: Upgrading
  readonly attempts: Attempts
  /** Aborted when the member stops. */
  readonly stopped: AbortController
  /** Monotonic, in milliseconds. */
  readonly now: () => number
}

export interface Running {
  readonly membership: Membership
  /** Once the node listens. */
  begin(): void
}

/** Connects the core, the node and the application with each other. */
export const run = async (parts: MemberParts): Promise<Running> => {
  const { config, protocol, node, upgrade, attempts, stopped, now } = parts
  const { cluster, log, topics } = config
  const events = createEmitter((error) =>
    log.warn({ reason: reasonOf(error) }, 'a listener of members threw'),
  )
  const links = await openLinks(node, '/grapevine/membership/1', listenerOf(protocol), log)
  const requests = await openRequests(node, links, log)
  protocol.run(
    performer({ protocol, node, links, events, upgrade, attempts, log, now, signal: stopped.signal }),
  )
  const usesMdns = config.discovery.some((discovery) => discovery.name === 'mdns')
  const discovery = watchAlone({ attempts, usesMdns, state: () => protocol.state, now })
  const timers: NodeJS.Timeout[] = []
  const topic = openTopics(node, cluster, topics, log)
  const leave = leaving(parts, links, timers)
  return {
    membership: membershipOf({
      protocol,
      events,
      requests,
      upgrade,
      topic,
      discovery,
      now,
      leave,
    }),
    begin: () => void timers.push(...begin(parts, discovery)),
  }
}

const listenerOf = ({ handle }: CoreRunner): LinkListener => ({
  linked: (peer) => handle({ type: 'linked', peer }),
  unlinked: (peer) => handle({ type: 'unlinked', peer }),
  received: (from, message) => handle({ type: 'received', from, message }),
  malformed: (from) => handle({ type: 'malformed', from }),
})

/** @returns what goes on until it is stopped */
const begin = (parts: MemberParts, discovery: () => DiscoveryReport): NodeJS.Timeout[] => {
  const { config, protocol, node } = parts
  const { cluster, log, timings } = config
  tellAddresses(node, protocol)
  node.addEventListener('self:peer:update', () => tellAddresses(node, protocol))
  const sayIfAlone = (): void => {
    const report = discovery()
    if (report.isAlone) log.warn({ expectsOthers: report.expectsOthers }, aloneLine(cluster, report))
  }
  return [
    setInterval(() => protocol.handle({ type: 'tick' }), timings.tick),
    setInterval(() => void saveRoster(parts), rosterInterval),
    setInterval(sayIfAlone, aloneInterval),
  ]
}

const tellAddresses = (node: Libp2pNode, { state, handle }: CoreRunner): void => {
  const addresses = node
    .getMultiaddrs()
    .map((address) => address.toString())
    .slice(0, limits.addresses)
  if (addresses.join() !== state.self.addresses.join()) handle({ type: 'changed', self: { addresses } })
}

/** Without this member itself. */
const saveRoster = ({ roster, protocol, now }: MemberParts): Promise<void> =>
  roster.save(membersOf(protocol.state, now()).slice(1))

const leaving = (
  parts: MemberParts,
  links: Links,
  timers: readonly NodeJS.Timeout[],
): Membership['leave'] => {
  const stop = async (): Promise<void> => {
    for (const timer of timers) clearInterval(timer)
    parts.protocol.handle({ type: 'leave' })
    await saveRoster(parts)
    parts.stopped.abort()
    links.close()
    await parts.node.stop()
  }
  let stopping: Promise<void> | undefined
  return ({ signal } = {}) => unlessAborted((stopping ??= stop()), signal)
}
