import { recover, stretched, worsen } from '../state/health.ts'
import { isPresent } from '../state/member.ts'
import { overlayOf } from '../roster/overlay.ts'
import { relaysTo } from './relaying.ts'
import { dropHearsay, takeHearsay } from '../roster/hearsay.ts'
import { measureSkew } from './skew.ts'
import { statementAbout, learn } from '../roster/roster.ts'
import { hearsFrom, sample, send, type Peer, type Probe, type Turn } from '../state/state.ts'
import { mostAccusers, type Statement } from '../state/statement.ts'

/** SWIM's failure detector: ping a member, then through others, then suspect it. */
export const probeNext = (turn: Turn): void => {
  const { state, now } = turn
  if (now < state.nextProbe) return
  state.nextProbe = now + stretched(turn, state.timings.probeInterval)
  const target = nextTarget(turn)
  if (target !== undefined) probe(turn, target)
}

/**
 * Of the members that this node watches, the one of which nothing was heard for longest: nobody is left out, which bounds the
 * time to detection (SWIM, 4.3), and one that has just fallen silent is soon the next for somebody.
 */
const nextTarget = (turn: Turn): string | undefined => {
  const { state } = turn
  const { watched } = overlayOf(turn)
  // One that is heard from all the time is asked now and then all the same: an ack tells more than that it lives.
  const overdue = turn.now - rotations * watched.size * state.timings.probeInterval
  let oldest: { readonly id: string; readonly at: number } | undefined
  for (const id of sample(watched, watched.size, state.random)) {
    const probedAt = state.peers.get(id)?.probedAt ?? -Infinity
    const at = probedAt < overdue ? probedAt : Math.max(state.heardAt.get(id) ?? -Infinity, probedAt)
    if ((oldest === undefined || at < oldest.at) && isDue(turn, id)) oldest = { id, at }
  }
  return oldest?.id
}

const rotations = 3

const isDue = ({ state, now }: Turn, target: string): boolean => {
  const peer = state.peers.get(target)
  if (peer === undefined || !isPresent(peer.member)) return false
  return state.links.has(target) || now >= peer.doubtAfter
}

/** A member without a link cannot be pinged, so others are asked at once. */
export const probe = (turn: Turn, target: string): void => {
  const { state, now } = turn
  if (state.probes.has(target)) return
  const peer = state.peers.get(target)
  if (peer !== undefined) peer.probedAt = now
  const seq = (state.seq += 1)
  if (!state.links.has(target)) {
    askOthers(turn, target, seq)
    return
  }
  const deadline = now + stretched(turn, state.timings.probeTimeout)
  state.probes.set(target, { seq, stage: 'direct', deadline, sentAt: now, asked: new Set(), nacks: 0 })
  ping(turn, target, seq)
}

/**
 * One silent link is a reason to ask on all others that nothing came over since: who is cut off from everybody would
 * otherwise find out one member at a time.
 */
const sweep = (turn: Turn, since: number): void => {
  const { state, now } = turn
  if (now < state.nextSweep) return
  state.nextSweep = now + sweepInterval
  for (const id of overlayOf(turn).watched) {
    const isQuiet = (state.heardAt.get(id) ?? -Infinity) < since
    if (isQuiet && hearsFrom(state, id) && isDue(turn, id)) probe(turn, id)
  }
}

const sweepInterval = 1_000

/** Whoever is suspected hears of it with the next ping, so that it can refute (Lifeguard's buddy system). */
export const ping = (turn: Turn, target: string, seq: number): void =>
  send(turn, target, { type: 'ping', seq, statements: accusation(turn, target) })

export const accusation = (turn: Turn, target: string): Statement[] => {
  const held = turn.state.hearsay.get(target)
  if (held !== undefined) held.asked = true
  const statement = held?.statement ?? statementAbout(turn, target)
  return statement === undefined || statement.state === 'alive' ? [] : [statement]
}

const askOthers = (turn: Turn, target: string, seq: number): void => {
  const { state, now } = turn
  const deadline = now + stretched(turn, state.timings.probeTimeout)
  const pending: Probe = { seq, stage: 'indirect', deadline, sentAt: now, asked: new Set(), nacks: 0 }
  const relays = relaysTo(turn, target, pending.asked, state.timings.indirectProbes)
  state.probes.set(target, pending)
  for (const relay of relays) ask(turn, relay, target, pending)
  // Nobody to ask: the member itself, once more.
  if (relays.length === 0 && state.links.has(target)) ping(turn, target, seq)
}

const ask = (turn: Turn, relay: string, target: string, pending: Probe): void => {
  pending.asked.add(relay)
  send(turn, relay, { type: 'ping-req', seq: pending.seq, target, statements: accusation(turn, target) })
}

export const answerPing = (turn: Turn, from: string, seq: number): void => {
  const { self, wallClock } = turn.state
  send(turn, from, { type: 'ack', seq, clock: wallClock(), statements: [self] })
}

/** The probe is answered, perhaps through another member: that one is asked first the next time. */
export const endProbe = (turn: Turn, from: string, seq: number, clock: number | undefined): void => {
  const { state } = turn
  for (const [target, pending] of state.probes) {
    if (pending.seq !== seq) continue
    state.probes.delete(target)
    if (from === target) measureSkew(turn, from, clock, pending.sentAt)
    dropHearsay(turn, target)
    recover(turn)
    const peer = state.peers.get(target)
    if (peer === undefined || from === target) continue
    peer.via = from
    peer.doubts = 0
  }
}

/** A member that was asked cannot reach the target either. Somebody else may: two halves can share one member. */
export const receiveNack = (turn: Turn, seq: number): void => {
  for (const [target, pending] of turn.state.probes) {
    if (pending.seq !== seq || pending.stage !== 'indirect') continue
    pending.nacks += 1
    if (pending.asked.size >= mostAsked(turn)) continue
    for (const relay of relaysTo(turn, target, pending.asked, 1)) ask(turn, relay, target, pending)
  }
}

const mostAsked = ({ state }: Turn): number => 3 * state.timings.indirectProbes

/** Moves overdue probes on: from direct to indirect, from indirect to suspicion. */
export const expireProbes = (turn: Turn): void => {
  const { state, now } = turn
  for (const [target, pending] of state.probes) {
    if (now < pending.deadline) continue
    state.probes.delete(target)
    if (pending.stage === 'direct') unanswered(turn, target, pending)
    else {
      if (areSomeSilentToUs(turn, pending)) worsen(turn, 1)
      suspect(turn, target)
    }
  }
}

const unanswered = (turn: Turn, target: string, { seq, sentAt }: Probe): void => {
  const { state, now } = turn
  // Silence of the link is measured from the ping that was not answered.
  if (state.links.has(target) && !state.silent.has(target)) state.silent.set(target, now)
  sweep(turn, sentAt)
  const held = takeHearsay(turn, target)
  if (held === undefined) return askOthers(turn, target, seq)
  // Others found the same: together that is a confirmed suspicion.
  if (held.state === 'left') return learn(turn, held)
  const accusers = [...new Set([state.self.id, ...(held.accusers ?? [])])].sort().slice(0, mostAccusers)
  learn(turn, { ...held, state: 'suspect', accusers })
}

/**
 * Whoever was asked, is heard from, and has sent neither ack nor nack speaks for this node's own messages being lost or late
 * (Lifeguard, IV-A). One that is not heard from at all says nothing about this node: it may be cut off as the target is.
 */
const areSomeSilentToUs = ({ state }: Turn, { asked, nacks, sentAt }: Probe): boolean => {
  const heard = [...asked].filter((relay) => (state.heardAt.get(relay) ?? -Infinity) > sentAt)
  return heard.length > nacks
}

const suspect = (turn: Turn, target: string): void => {
  const { state, now } = turn
  const peer = state.peers.get(target)
  if (peer === undefined || !isPresent(peer.member)) return
  if (!state.links.has(target)) {
    if (now < peer.doubtAfter) return
    doubtMoreRarely(peer, now)
  }
  learn(turn, { ...peer.member, state: 'suspect', accusers: [state.self.id] })
}

/**
 * Without a link this node may be the only one that cannot reach the member. If the member has to refute such
 * an accusation, the next one takes longer to come.
 */
const doubtMoreRarely = (peer: Peer, now: number): void => {
  peer.doubtAfter = now + Math.min(longestDoubt, shortestDoubt * 2 ** peer.doubts)
  peer.doubts += 1
}

const shortestDoubt = 5_000
const longestDoubt = 60_000
