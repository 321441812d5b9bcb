import { limits } from '../../limits.ts'
import { courtesyTo, leavesDialTo } from './courtesy.ts'
import { isPresent } from '../state/member.ts'
import { isPenalised } from '../roster/penalties.ts'
import { overlayOf } from '../roster/overlay.ts'
import { chargeStrangerDial, mayDialStranger } from './strangers.ts'
import { sample, type DialTarget, type Turn } from '../state/state.ts'
import type { DialOutcome } from '../state/input.ts'

/** Every member that the overlay wants is a target, for ever, and now and then one that is down. */
const targetMembers = (turn: Turn): void => {
  const { state, now } = turn
  for (const id of overlayOf(turn).wanted) if (!state.links.has(id)) targetMember(turn, id)
  if (now < state.nextReachOut) return
  state.nextReachOut = now + state.timings.redialMax
  const absent = [...state.peers.values()].filter(({ member }) => member.state === 'down')
  for (const { member } of sample(absent, 1, state.random)) targetMember(turn, member.id)
  for (const id of state.remembered.keys()) targetMember(turn, id)
}

const targetMember = (turn: Turn, id: string): void => {
  const { state, now } = turn
  const addresses = (state.peers.get(id)?.member ?? state.remembered.get(id))?.addresses ?? []
  const known = state.targets.get(id)
  if (known === undefined) {
    state.targets.set(id, {
      origin: { type: 'member' },
      peer: id,
      addresses,
      attempt: 0,
      nextAt: now + courtesyTo(turn, id),
    })
  } else known.addresses = addresses
}

/** Starts the dials that are due: members first, strangers last and within their bounds. */
export const dialDue = (turn: Turn): void => {
  const { state, now } = turn
  if (state.self.state === 'left') return
  targetMembers(turn)
  const busy = addressesUnderDial(state.targets)
  let free = limits.parallelDials - underWay(state.targets)
  for (const type of ['member', 'configured', 'announced'] as const) {
    // Half of the dials under way at most are to strangers.
    const least = type === 'announced' ? limits.parallelDials / 2 : 0
    for (const [key, target] of state.targets) {
      if (free <= least) break
      if (target.origin.type !== type || now < target.nextAt || isServed(turn, target)) continue
      if (free <= limits.parallelDials - politeDials && leavesDialTo(turn, target.peer)) continue
      if (target.addresses.some((address) => busy.has(bare(address)))) continue
      if (type === 'announced' && !mayDialStranger(turn, target.addresses)) continue
      start(turn, key, target)
      for (const address of target.addresses) busy.add(bare(address))
      free -= 1
    }
  }
}

/** Under way at once, while the dial is the other's. */
const politeDials = 2

const start = (turn: Turn, key: string, target: DialTarget): void => {
  target.nextAt = Infinity
  if (target.origin.type === 'announced') chargeStrangerDial(turn, target.addresses)
  const peer = target.peer === undefined || target.origin.type === 'configured' ? {} : { peer: target.peer }
  turn.effects.push({ type: 'dial', target: key, addresses: target.addresses, ...peer })
}

/** One dial at a time to an address, whatever the reasons to dial it: a second connection would only be in the way. */
const addressesUnderDial = (targets: ReadonlyMap<string, DialTarget>): Set<string> => {
  const busy = new Set<string>()
  for (const { nextAt, addresses } of targets.values())
    if (nextAt === Infinity) for (const address of addresses) busy.add(bare(address))
  return busy
}

/** `/ip4/192.0.2.1/tcp/4100/p2p/12D3…` → `/ip4/192.0.2.1/tcp/4100` */
const bare = (address: string): string => address.replace(/\/p2p\/.*$/, '')

const underWay = (targets: ReadonlyMap<string, DialTarget>): number => {
  let count = 0
  for (const target of targets.values()) if (target.nextAt === Infinity) count += 1
  return count
}

/** Nothing to dial for: it is linked, or a member that the overlay does without. */
const isServed = (turn: Turn, { peer, origin }: DialTarget): boolean => {
  const { links, peers } = turn.state
  if (peer === undefined) return false
  if (links.has(peer) || isPenalised(turn, peer)) return true
  const member = peers.get(peer)?.member
  if (member === undefined && turn.state.remembered.has(peer)) return false
  if (member === undefined || member.state === 'left') return origin.type === 'member'
  return isPresent(member) && !overlayOf(turn).wanted.has(peer)
}

export const finishDial = (turn: Turn, key: string, outcome: DialOutcome): void => {
  const { targets } = turn.state
  const target = targets.get(key)
  if (target === undefined) return
  // A name or a balancer that leads to this node now may lead to another the next time.
  if (outcome.type === 'self' && target.origin.type !== 'configured') {
    targets.delete(key)
    return
  }
  if (outcome.type === 'connected') target.peer = outcome.peer
  target.nextAt = turn.now + redialWait(turn, target.attempt)
  target.attempt += 1
  // One of those that are dialled now and then: it has had its turn.
  if (target.origin.type === 'member' && !overlayOf(turn).wanted.has(key)) targets.delete(key)
  // A stranger that never answers is dropped: its next announcement brings it back, within its bounds.
  if (target.origin.type === 'announced' && outcome.type === 'failed' && target.attempt >= strangerAttempts)
    targets.delete(key)
}

const strangerAttempts = 8

/** Exponential with jitter, so that a healed cluster does not dial in step. */
export const redialWait = ({ state }: Pick<Turn, 'state'>, attempt: number): number => {
  const { redialMin, redialMax } = state.timings
  return Math.min(redialMax, redialMin * 2 ** attempt) * (0.5 + state.random() / 2)
}

/** A link that opened is dialled anew from the shortest wait when it breaks. */
export const resetBackoff = ({ state }: Turn, peer: string): void => {
  for (const target of state.targets.values()) if (target.peer === peer) target.attempt = 0
}

/** A broken link is mended at once, unless a dial is under way. */
export const redialSoon = (turn: Turn, peer: string): void => {
  targetMember(turn, peer)
  for (const target of turn.state.targets.values()) if (target.peer === peer) hurry(turn, target)
}

/** Members that were down are dialled from the shortest wait again. */
export const redialAbsent = (turn: Turn): void => {
  const { targets, links } = turn.state
  for (const target of targets.values()) {
    if (target.peer !== undefined && !links.has(target.peer)) hurry(turn, target)
  }
}

const hurry = (turn: Turn, target: DialTarget): void => {
  if (target.nextAt === Infinity || target.origin.type === 'announced') return
  target.attempt = 0
  const wait = redialWait(turn, 0) + courtesyTo(turn, target.peer)
  target.nextAt = Math.min(target.nextAt, turn.now + wait)
}
