import { claimAbout, learn } from './roster.ts'
import { isPresent, sample, send, type Turn } from './state.ts'
import type { Claim } from './member.ts'

/** SWIM's failure detector: ping a random member, then through others, then suspect it. */
export const probeNext = (turn: Turn): void => {
  const { state, now } = turn
  if (now < state.nextProbe) return
  state.nextProbe = now + state.timings.probeInterval
  const target = nextTarget(turn)
  if (target !== undefined && !state.probes.has(target)) probe(turn, target)
}

/** Round-robin over a shuffled roster, which bounds the time to detection (SWIM, 4.3). */
const nextTarget = (turn: Turn): string | undefined => {
  const { state } = turn
  const present = [...state.peers.values()].flatMap(({ member }) => (isPresent(member) ? [member.id] : []))
  if (state.probeRound.length === 0) state.probeRound = sample(present, present.length, state.random)
  const target = state.probeRound.pop()
  return target !== undefined && present.includes(target) ? target : undefined
}

/** A member without a link cannot be pinged, so others are asked at once. */
export const probe = (turn: Turn, target: string): void => {
  const { state, now } = turn
  const seq = (state.seq += 1)
  if (!state.links.has(target)) {
    askOthers(turn, target, seq)
    return
  }
  state.probes.set(target, { seq, stage: 'direct', deadline: now + state.timings.probeTimeout })
  send(turn, target, { type: 'ping', seq, claims: accusation(turn, target) })
}

const askOthers = (turn: Turn, target: string, seq: number): void => {
  const { state, now } = turn
  state.probes.set(target, { seq, stage: 'indirect', deadline: now + state.timings.probeTimeout })
  const others = [...state.links].filter((peer) => peer !== target)
  for (const relay of sample(others, state.timings.indirectProbes, state.random)) {
    send(turn, relay, { type: 'ping-req', seq, target, claims: accusation(turn, target) })
  }
}

/** Whoever is suspected hears of it with the next ping, so that it can refute. */
const accusation = (turn: Turn, target: string): Claim[] => {
  const claim = claimAbout(turn, target)
  return claim === undefined || claim.state === 'alive' ? [] : [claim]
}

export const answerPing = (turn: Turn, from: string, seq: number): void => {
  send(turn, from, { type: 'ack', seq, claims: [turn.state.self] })
}

/** Pings the target on behalf of a member that got no answer. */
export const relayPing = (turn: Turn, origin: string, originSeq: number, target: string): void => {
  const { state, now } = turn
  if (!state.links.has(target)) return
  const seq = (state.seq += 1)
  state.relays.set(seq, { origin, seq: originSeq, expires: now + 2 * state.timings.probeTimeout })
  send(turn, target, { type: 'ping', seq, claims: accusation(turn, target) })
}

export const receiveAck = (turn: Turn, seq: number, claims: readonly Claim[]): void => {
  const { probes, relays } = turn.state
  for (const [target, pending] of probes) if (pending.seq === seq) probes.delete(target)
  const relay = relays.get(seq)
  if (relay === undefined) return
  relays.delete(seq)
  send(turn, relay.origin, { type: 'ack', seq: relay.seq, claims })
}

/** Moves overdue probes on: from direct to indirect, from indirect to suspicion. */
export const expireProbes = (turn: Turn): void => {
  const { state, now } = turn
  for (const [target, pending] of state.probes) {
    if (now < pending.deadline) continue
    state.probes.delete(target)
    if (pending.stage === 'direct') askOthers(turn, target, pending.seq)
    else suspect(turn, target)
  }
  for (const [seq, relay] of state.relays) if (now >= relay.expires) state.relays.delete(seq)
}

const suspect = (turn: Turn, target: string): void => {
  const claim = claimAbout(turn, target)
  if (claim?.state === 'alive') learn(turn, { ...claim, state: 'suspect' })
}

/** Suspects that did not refute in time are down; members that are down for long are forgotten. */
export const expireSuspicions = (turn: Turn): void => {
  const { state, now } = turn
  const patience = state.timings.suspicion * Math.max(1, Math.log10(state.peers.size + 1))
  for (const { member, since } of state.peers.values()) {
    if (member.state === 'suspect' && now >= since + patience) learn(turn, { ...member, state: 'down' })
    if (!isPresent(member) && now >= since + state.timings.forgetDown) state.peers.delete(member.id)
  }
}

/**
 * A node that was itself stopped or stalled knows nothing of the time in between: its deadlines move on by
 * it, so that it accuses nobody of its own silence (Lifeguard; Dadgar, Phillips, Currey 2018).
 */
export const excuseOwnStall = (turn: Turn): void => {
  const { state, now } = turn
  const stalled = now - state.lastTick - state.timings.tick
  state.lastTick = now
  if (stalled < state.timings.probeTimeout) return
  for (const [target, pending] of state.probes) {
    state.probes.set(target, { ...pending, deadline: pending.deadline + stalled })
  }
  for (const peer of state.peers.values()) if (peer.member.state === 'suspect') peer.since += stalled
}
