import { limits } from '../../limits.ts'
import { courtesyTo } from './courtesy.ts'
import { fullBucket, hasToken, takeToken, type Bucket, type Rate } from '../state/rate-limit.ts'
import type { Turn } from '../state/state.ts'

/**
 * Remembers the addresses that the operator's configuration gives for this source now. Others of the same
 * source are forgotten, unless they belong to a linked member.
 */
export const configure = ({ state, now }: Turn, source: string, addresses: readonly string[]): void => {
  for (const [key, { origin, peer }] of state.targets) {
    const isGone = origin.type === 'configured' && origin.source === source && !addresses.includes(key)
    if (isGone && !(peer !== undefined && state.links.has(peer))) state.targets.delete(key)
  }
  for (const address of addresses.slice(0, limits.members)) {
    if (state.targets.has(address)) continue
    state.targets.set(address, {
      origin: { type: 'configured', source },
      addresses: [address],
      attempt: 0,
      nextAt: now,
    })
  }
}

/**
 * Remembers what somebody announced. Keyed by the addresses, so that many names for one address are dialled
 * as one; bounded, the one that failed most often makes room.
 *
 * @returns whether there is something to dial: on a network of many, most that is announced is linked
 */
export const hearAnnouncement = (turn: Turn, peer: string, addresses: readonly string[]): boolean => {
  const { state, now } = turn
  if (peer === state.self.id || addresses.length === 0 || state.links.has(peer)) return false
  const few = addresses.slice(0, limits.addresses).map((address) => address.slice(0, limits.addressLength))
  const key = `announced ${few.join(' ')}`
  const known = state.targets.get(key)
  if (known !== undefined) {
    known.peer = peer
    return true
  }
  const strangers = [...state.targets].filter(([, { origin }]) => origin.type === 'announced')
  if (strangers.length >= limits.strangers) {
    const [worst] = strangers.sort(([, a], [, b]) => b.attempt - a.attempt)
    if (worst !== undefined) state.targets.delete(worst[0])
  }
  const nextAt = now + courtesyTo(turn, peer)
  state.targets.set(key, { origin: { type: 'announced' }, peer, addresses: few, attempt: 0, nextAt })
  return true
}

/**
 * Dials to one host that anybody could have announced: enough for a burst of members that start on one
 * machine, too few to harm a host that was named by a liar.
 */
export const strangerRate: Rate = { size: 32, every: 5_000 }

export const mayDialStranger = (turn: Turn, addresses: readonly string[]): boolean =>
  hostsOf(addresses).every((host) => hasToken(bucketOf(turn, host), strangerRate, turn.now))

export const chargeStrangerDial = (turn: Turn, addresses: readonly string[]): void => {
  for (const host of hostsOf(addresses)) takeToken(bucketOf(turn, host))
}

const bucketOf = ({ state, now }: Turn, host: string): Bucket => {
  const known = state.strangerDials.get(host)
  if (known !== undefined) return known
  const bucket = fullBucket(strangerRate, now)
  state.strangerDials.set(host, bucket)
  return bucket
}

/** `/ip4/192.0.2.1/tcp/4100` → `192.0.2.1` */
const hostsOf = (addresses: readonly string[]): string[] => [
  ...new Set(addresses.map((address) => address.split('/')[2] ?? address)),
]
