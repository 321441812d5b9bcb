import { send, type Peer, type State, type Turn } from '../state/state.ts'

/** Milliseconds between two clocks that are worth a warning. */
export const skewWorthTelling = 2_000

/** Milliseconds between two warnings of one peer's clock; what is skewed then is told when they have passed. */
const tellEvery = 60_000

/** Longer round trips tell too little: somebody was stopped, or the network held something up. */
const longestRoundTrip = 1_000

/** Asks what time it is there, at every hello: a probe may come to that member much later. */
export const askClock = (turn: Turn, peer: string): void => {
  const { state, now } = turn
  const seq = (state.seq += 1)
  state.clocksAsked.set(peer, { seq, sentAt: now })
  send(turn, peer, { type: 'ping', seq, statements: [] })
}

/** The answer to {@link askClock}, if it is one. */
export const hearClock = (turn: Turn, from: string, seq: number, clock: number | undefined): void => {
  const { clocksAsked } = turn.state
  const asked = clocksAsked.get(from)
  if (asked?.seq !== seq) return
  clocksAsked.delete(from)
  measureSkew(turn, from, clock, asked.sentAt)
}

/** Milliseconds that a member's clock is ahead of the own one, wherever that stands now. */
export const skewOf = (
  { wallClock }: Pick<State, 'wallClock'>,
  { clock }: Pick<Peer, 'clock'>,
  now: number,
): number | undefined => (clock === undefined ? undefined : Math.round(clock + now - wallClock()))

/** An ack says what time it is there; half of the round trip ago, it was sent (as in NTP). */
export const measureSkew = (
  turn: Turn,
  from: string,
  theirClock: number | undefined,
  sentAt: number,
): void => {
  const { state, now } = turn
  const peer = state.peers.get(from)
  const roundTrip = now - sentAt
  if (peer === undefined || theirClock === undefined || roundTrip > longestRoundTrip) return
  peer.clock = theirClock + roundTrip / 2 - now
  const skew = skewOf(state, peer, now) ?? 0
  if (Math.abs(skew) < skewWorthTelling / 2) peer.isSkewTold = false
  if (Math.abs(skew) < skewWorthTelling || peer.isSkewTold) return
  if (peer.skewToldAt !== undefined && now - peer.skewToldAt < tellEvery) return
  peer.isSkewTold = true
  peer.skewToldAt = now
  turn.effects.push({ type: 'notify', notice: { type: 'skewed', peer: from, skew } })
}
