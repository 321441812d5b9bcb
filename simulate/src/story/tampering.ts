import { bytesFrom, wholeBetween, type Random } from '@grapevine/simulation'
import type { Wire } from '@grapevine/membership/virtual'

type Tamper = (wire: Wire) => Wire | undefined

/**
 * A member that has the secret and lies: a third of what it says of what it holds is damaged, cut short, withheld, or what it said
 * at another time. That it is a member, it says truly: who does not is not listened to.
 */
export const liar = (random: Random): Tamper => {
  const said: Wire[] = []
  return (wire) => {
    if (wire.kind === 'membership' || wire.kind === 'failure') return wire
    if (said.length < 50) said.push(wire)
    const draw = random()
    if (draw > 0.35) return wire
    if (draw < 0.1) return { ...wire, bytes: damaged(random, wire.bytes) }
    if (draw < 0.15)
      return { ...wire, bytes: wire.bytes.subarray(0, wholeBetween(random, 0, wire.bytes.length)) }
    if (draw < 0.2) return { ...wire, bytes: bytesFrom(random, wholeBetween(random, 0, 64)) }
    if (draw < 0.25) return undefined
    const earlier = said[wholeBetween(random, 0, said.length - 1)]
    return earlier?.kind === wire.kind ? { ...wire, bytes: earlier.bytes } : wire
  }
}

const damaged = (random: Random, bytes: Uint8Array): Uint8Array => {
  const copy = Uint8Array.from(bytes)
  const at = wholeBetween(random, 0, Math.max(0, copy.length - 1))
  if (copy.length > 0) copy[at] = (copy[at] ?? 0) ^ (1 << wholeBetween(random, 0, 7))
  return copy
}

/** A member of a later version: fields and kinds of messages that this one does not know. */
export const newcomer =
  (random: Random): Tamper =>
  (wire) => {
    if (wire.kind !== 'membership' || random() < 0.7) return wire
    const message: unknown = JSON.parse(Buffer.from(wire.bytes).toString())
    const told = typeof message === 'object' && message !== null ? message : {}
    const later = random() < 0.3 ? { ...told, type: 'of-a-later-version' } : { ...told, later: { field: 1 } }
    return { ...wire, bytes: Buffer.from(JSON.stringify(later)) }
  }
