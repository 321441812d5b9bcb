import { join } from 'node:path'
import { every, reasonOf, unlessAborted, type Clock } from '@grapevine/std'
import { checkedConfig, type Config, type MembershipOptions } from '../config.ts'
import { initialState } from '../core/state/state.ts'
import { decodeMessage, encodeMessage, type Message } from '../core/state/messages.ts'
import { raiseIncarnation } from '../disk/identity.ts'
import { finalisedFile } from '../disk/finalised-file.ts'
import { rosterFile, type RosterFile } from '../disk/roster-file.ts'
import { watchAlone } from '../discovery/alone.ts'
import { attempts, type Attempts } from '../discovery/report.ts'
import { createCoreRunner, type CoreRunner } from '../shell/core-runner.ts'
import { createEmitter, type Emitter } from '../shell/emitter.ts'
import { membersOf } from '../shell/members.ts'
import { membershipOf } from '../shell/membership-of.ts'
import { logNotices, nameOf } from '../shell/notices.ts'
import { ownVersions } from '../shell/own-protocol.ts'
import { upgrading, type Upgrading } from '../shell/upgrade.ts'
import { virtualRequests, type VirtualRequests } from './virtual-requests.ts'
import { virtualTopics, type VirtualTopics } from './virtual-topics.ts'
import type { Effect } from '../core/state/effect.ts'
import type { KeptFiles } from '../disk/kept-files.ts'
import type { Member } from '../core/state/member.ts'
import type { Membership } from '../membership.ts'
import type { VirtualHostPort, VirtualListener, VirtualNetworkPort } from './virtual-host-port.ts'

/** All that a member takes from outside. */
export interface VirtualOutside {
  readonly network: VirtualNetworkPort
  readonly files: KeptFiles
  /** Timers, and a time that never goes back. */
  readonly clock: Clock
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly random: () => number
  /** For a machine whose disk has no id yet. */
  readonly drawId: () => string
}

const rosterInterval = 2_000

/** Becomes a member, in the place of `createMembership`. */
export const joinVirtually =
  (outside: VirtualOutside) =>
  async (options: MembershipOptions): Promise<Membership> => {
    const { network, files, clock, now } = outside
    const config = checkedConfig(options)
    const folder = config.dataDir ?? '/member'
    const id = await loadId(outside, join(folder, 'member.id'))
    const incarnation = await raiseIncarnation(join(folder, 'incarnation'), now, files)
    const roster = rosterFile(folder, config.log, now, files)
    const remembered = await roster.load(config.timings.forgetDown)
    const file = finalisedFile(folder, config.log, files)
    const finalised = await file.load(config.protocols[1])
    const protocol = coreOf(config, outside, { id, incarnation, remembered, finalised })
    const upgrade = upgrading(protocol, file, clock, config.log)
    const tried = attempts()
    const events = createEmitter((error) =>
      config.log.warn({ reason: reasonOf(error) }, 'a listener of members threw'),
    )
    const requests = virtualRequests(() => host, clock, config.log)
    const topics = virtualTopics({
      id,
      allowed: config.topics,
      host: () => host,
      links: () => protocol.state.links.keys(),
      log: config.log,
    })
    const host: VirtualHostPort = network.listen(id, listenerOf(protocol, requests, topics))
    protocol.run(performer({ config, protocol, host, events, upgrade, tried, clock }))
    const stop = begin(config, protocol, roster, clock)
    const found = discover(config, protocol)
    const leave = leaving({ protocol, roster, host, clock, stop, found })
    return membershipOf({
      protocol,
      events,
      requests,
      upgrade,
      topic: topics.open,
      now: clock.now,
      discovery: watchAlone({
        attempts: tried,
        usesMdns: false,
        state: () => protocol.state,
        now: clock.now,
      }),
      leave,
    })
  }

const loadId = async ({ files, drawId }: VirtualOutside, path: string): Promise<string> => {
  const stored = (await files.read(path))?.toString()
  if (stored !== undefined) return stored
  const id = drawId()
  await files.write(path, id)
  return id
}

interface Self {
  readonly id: string
  readonly incarnation: number
  readonly remembered: readonly Member[]
  readonly finalised: number
}

/** As the shell's, but for its proofs: who has an id's key is who says so. */
const coreOf = (
  config: Config,
  { network, clock, now, random }: VirtualOutside,
  { id, incarnation, remembered, finalised }: Self,
): CoreRunner => {
  const { metadata, timings } = config
  const name = config.name ?? id
  const self: Member = {
    id,
    name,
    incarnation,
    addresses: [network.address],
    metadata,
    state: 'alive',
    speaks: ownVersions(config),
  }
  const proofs = {
    prove: (of: number): string => `${id} at ${of}`,
    verify: (other: string, of: number, proof: string): boolean => proof === `${other} at ${of}`,
  }
  const others = remembered.filter((member) => member.id !== id)
  const state = initialState(self, timings, random, clock.now(), {
    proofs,
    remembered: others,
    wallClock: now,
    finalised,
  })
  return createCoreRunner(state, clock.now)
}

const listenerOf = (
  { handle }: CoreRunner,
  requests: VirtualRequests,
  topics: VirtualTopics,
): VirtualListener => ({
  cloned: () => handle({ type: 'cloned' }),
  linked: (peer) => handle({ type: 'linked', peer }),
  unlinked: (peer) => {
    handle({ type: 'unlinked', peer })
    requests.unlinked(peer)
  },
  received: (from, wire) => {
    if (wire.kind === 'gossip') return topics.received(from, wire)
    if (wire.kind !== 'membership') return requests.received(from, wire)
    const message = decoded(wire.bytes)
    handle(message === undefined ? { type: 'malformed', from } : { type: 'received', from, message })
  },
})

const decoded = (bytes: Uint8Array): Message | undefined => {
  try {
    return decodeMessage(bytes)
  } catch {
    return undefined
  }
}

interface Performing {
  readonly config: Config
  readonly protocol: CoreRunner
  readonly host: VirtualHostPort
  readonly events: Emitter
  readonly upgrade: Upgrading
  readonly tried: Attempts
  readonly clock: Clock
}

const performer = ({ config, protocol, host, events, upgrade, tried, clock }: Performing) => {
  const { log } = config
  const tell = logNotices(
    log,
    () => protocol.state.self,
    (member) => nameOf(protocol.state, member),
    clock.now,
  )
  const dial = ({ target, addresses }: Extract<Effect, { type: 'dial' }>): void => {
    const address = addresses[0] ?? ''
    host.dial(address, (outcome) => {
      tried.address({ address, outcome: outcome.type === 'connected' ? 'linked' : outcome.type })
      protocol.handle({ type: 'dialled', target, outcome })
    })
  }
  return (effect: Effect): void => {
    switch (effect.type) {
      case 'send':
        return host.send(effect.to, { kind: 'membership', bytes: encodeMessage(effect.message) })
      case 'hangUp':
        return host.hangUp(effect.peer)
      case 'dial':
        return dial(effect)
      case 'keep':
        return void upgrade.keep(effect.version)
      case 'notify':
        return tell(effect.notice)
      case 'emit':
        return events.emit(effect.event)
    }
  }
}

/** @returns how to end what goes on */
const begin = (config: Config, protocol: CoreRunner, roster: RosterFile, clock: Clock): (() => void) => {
  const ends = [
    every(clock, config.timings.tick, () => protocol.handle({ type: 'tick' })),
    every(clock, rosterInterval, () => void roster.save(membersOf(protocol.state, clock.now()).slice(1))),
  ]
  return () => {
    for (const end of ends) end()
  }
}

const discover = ({ cluster, log, discovery }: Config, { handle }: CoreRunner): AbortController => {
  const stopped = new AbortController()
  for (const [index, one] of discovery.entries()) {
    if (one.type !== 'active') continue
    const source = `${one.name} ${index}`
    one.start({
      cluster,
      log,
      signal: stopped.signal,
      found: (what) => handle(what.type === 'configured' ? { ...what, source } : what),
    })
  }
  return stopped
}

interface Leaving {
  readonly protocol: CoreRunner
  readonly roster: RosterFile
  readonly host: VirtualHostPort
  readonly clock: Clock
  readonly stop: () => void
  readonly found: AbortController
}

const leaving = ({ protocol, roster, host, clock, stop, found }: Leaving): Membership['leave'] => {
  const end = async (): Promise<void> => {
    stop()
    found.abort()
    const linked = [...protocol.state.links.keys()]
    protocol.handle({ type: 'leave' })
    await roster.save(membersOf(protocol.state, clock.now()).slice(1))
    for (const peer of linked) host.hangUp(peer)
  }
  let ended: Promise<void> | undefined
  return ({ signal } = {}) => unlessAborted((ended ??= end()), signal)
}
