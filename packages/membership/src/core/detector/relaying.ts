import { watchersOf } from '../roster/overlay.ts'
import { sample, send, type Turn } from '../state/state.ts'
import type { Statement } from '../state/statement.ts'

/**
 * Whom to ask for a ping: first who passed one on before, then those who watch the target too, then anybody
 * linked; nobody twice.
 */
export const relaysTo = (
  turn: Turn,
  target: string,
  asked: ReadonlySet<string>,
  count: number,
): readonly string[] => {
  const { state } = turn
  const candidates = new Set(
    [...state.links].filter((peer) => peer !== target && !asked.has(peer) && !state.silent.has(peer)),
  )
  const via = state.peers.get(target)?.via
  const chosen = via !== undefined && candidates.delete(via) ? [via] : []
  const watchers = watchersOf(turn, target).filter((peer) => candidates.has(peer))
  chosen.push(...sample(watchers, count - chosen.length, state.random))
  for (const peer of watchers) candidates.delete(peer)
  return [...chosen, ...sample(candidates, count - chosen.length, state.random)]
}

/** Pings the target on behalf of a member that got no answer; says at once if there is no link to it. */
export const relayPing = (
  turn: Turn,
  origin: string,
  originSeq: number,
  target: string,
  accusation: readonly Statement[],
): void => {
  const { state, now } = turn
  if (!state.links.has(target)) {
    send(turn, origin, { type: 'nack', seq: originSeq, statements: [] })
    return
  }
  const seq = (state.seq += 1)
  // The nack has to be there before the origin gives up (Lifeguard, IV-A).
  const expires = now + state.timings.probeTimeout * nackShare
  state.relays.set(seq, { origin, seq: originSeq, expires })
  send(turn, target, { type: 'ping', seq, statements: accusation })
}

const nackShare = 0.6

/** Hands an ack on to whoever asked for the ping. */
export const passOn = (turn: Turn, seq: number, statements: readonly Statement[]): void => {
  const { relays } = turn.state
  const relay = relays.get(seq)
  if (relay === undefined) return
  relays.delete(seq)
  send(turn, relay.origin, { type: 'ack', seq: relay.seq, statements })
}

export const expireRelays = (turn: Turn): void => {
  const { state, now } = turn
  for (const [seq, { origin, seq: originSeq, expires }] of state.relays) {
    if (now < expires) continue
    state.relays.delete(seq)
    send(turn, origin, { type: 'nack', seq: originSeq, statements: [] })
  }
}
