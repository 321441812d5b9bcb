import { limits } from '../config.ts'
import type { DialOutcome, DialTarget, Turn } from './state.ts'

/** Remembers an address that discovery heard of, and dials it at once. */
export const remember = (turn: Turn, addresses: readonly string[], peer: string | undefined): void => {
  const { state, now } = turn
  if (peer === state.self.id) return
  if (peer !== undefined) {
    rememberPeer(turn, peer, addresses)
  } else {
    for (const address of addresses) {
      if (state.targets.has(address)) continue
      state.targets.set(address, { kind: 'seed', addresses: [address], attempt: 0, nextAt: now })
    }
  }
  dialDue(turn)
}

const rememberPeer = (turn: Turn, peer: string, addresses: readonly string[]): void => {
  const { state, now } = turn
  const known = state.targets.get(peer)
  if (known !== undefined) {
    known.addresses = addresses
    return
  }
  const strangers = [...state.targets.keys()].filter((target) => !state.peers.has(target)).length
  if (strangers >= limits.strangers && !state.peers.has(peer)) return
  state.targets.set(peer, { kind: 'peer', peer, addresses, attempt: 0, nextAt: now })
}

/** Every member that has not left is a target, for ever. */
const rememberMembers = (turn: Turn): void => {
  for (const { member } of turn.state.peers.values()) {
    if (member.state === 'left' || turn.state.links.has(member.id)) continue
    rememberPeer(turn, member.id, member.addresses)
  }
}

export const dialDue = (turn: Turn): void => {
  const { state, now, effects } = turn
  if (state.self.state === 'left') return
  rememberMembers(turn)
  let free = limits.parallelDials - underWay(state.targets)
  for (const [key, target] of state.targets) {
    if (free <= 0) return
    if (now < target.nextAt || isConnected(turn, target) || isGone(turn, target)) continue
    target.nextAt = Infinity
    free -= 1
    const peer = target.kind === 'peer' && target.peer !== undefined ? { peer: target.peer } : {}
    effects.push({ type: 'dial', target: key, addresses: target.addresses, ...peer })
  }
}

const underWay = (targets: ReadonlyMap<string, DialTarget>): number =>
  [...targets.values()].filter((target) => target.nextAt === Infinity).length

const isConnected = ({ state }: Turn, { peer }: DialTarget): boolean =>
  peer !== undefined && state.links.has(peer)

/** Who left is not called back; a seed's address may belong to somebody else by now. */
const isGone = ({ state }: Turn, { kind, peer }: DialTarget): boolean =>
  kind === 'peer' && peer !== undefined && state.peers.get(peer)?.member.state === 'left'

export const finishDial = (turn: Turn, key: string, outcome: DialOutcome): void => {
  const { targets, peers } = turn.state
  const target = targets.get(key)
  if (target === undefined) return
  if (outcome.type === 'self') {
    targets.delete(key)
    return
  }
  if (outcome.type === 'connected') target.peer = outcome.peer
  target.nextAt = turn.now + backoff(turn, target.attempt)
  target.attempt += 1
  // A stranger that was announced but never answers is dropped: its next announcement brings it back.
  const stranger = target.kind === 'peer' && !peers.has(key)
  if (stranger && outcome.type === 'failed' && target.attempt > strangerAttempts) targets.delete(key)
}

const strangerAttempts = 8

/** Exponential with jitter, so that a healed cluster does not dial in step. */
const backoff = ({ state }: Turn, attempt: number): number => {
  const { redialMin, redialMax } = state.timings
  return Math.min(redialMax, redialMin * 2 ** attempt) * (0.5 + state.random() / 2)
}

/** A link that opened is dialled anew from the shortest wait when it breaks. */
export const resetBackoff = (turn: Turn, peer: string): void => {
  for (const target of turn.state.targets.values()) if (target.peer === peer) target.attempt = 0
}

/** A broken link is mended at once, unless a dial is under way. */
export const redialSoon = (turn: Turn, peer: string): void => {
  const { targets } = turn.state
  rememberMembers(turn)
  for (const target of targets.values()) {
    if (target.peer === peer && target.nextAt !== Infinity) target.nextAt = turn.now + backoff(turn, 0)
  }
}
