import { between, type Random } from '../random.ts'

/** How the network treats what it does deliver. Times in milliseconds. */
export interface Conditions {
  /** One-way delay of a packet, uniform between the two. @default [0.2, 2] */
  readonly delay: readonly [least: number, most: number]
  /** Share of packets that are held back for up to `reorderBy`, so that later ones overtake them, 0 to 1; none on links. @default 0 */
  readonly reorder: number
  /** How long such a packet is held back at most. @default 100 */
  readonly reorderBy: number
  /** Share of packets that arrive twice, 0 to 1; none on links. @default 0 */
  readonly duplicate: number
  /** Share of packets that are lost, 0 to 1. At 1 nothing arrives, and links break after their time-out. @default 0 */
  readonly loss: number
  /** What loss does to a link: delay, as TCP sends again; or messages are gone, which no TCP does. @default 'delays' */
  readonly lossOnLinks: 'delays' | 'drops'
  /** First wait before a link sends a lost packet again; doubles with each loss of it (RFC 6298). @default 200 */
  readonly retransmit: number
  /** How long a link that is cut silently stays open on both sides. @default 20000 */
  readonly linkTimeout: number
  /** How long a dial waits for an answer. @default 2000 */
  readonly dialTimeout: number
}

export const defaultConditions: Conditions = {
  delay: [0.2, 2],
  reorder: 0,
  reorderBy: 100,
  duplicate: 0,
  loss: 0,
  lossOnLinks: 'delays',
  retransmit: 200,
  linkTimeout: 20_000,
  dialTimeout: 2_000,
}

/** Time for one packet to arrive, or undefined if it is lost. */
export const packetTime = ({ delay, loss }: Conditions, random: Random): number | undefined =>
  random() < loss ? undefined : between(random, ...delay)

/** When the copies of a datagram arrive: none if it is lost. What no condition asks for draws no chance. */
export const datagramTimes = (conditions: Conditions, random: Random): number[] => {
  const { reorder, reorderBy, duplicate } = conditions
  const time = packetTime(conditions, random)
  if (time === undefined) return []
  const held = reorder > 0 && random() < reorder ? time + random() * reorderBy : time
  if (duplicate === 0 || random() >= duplicate) return [held]
  return [held, held + between(random, ...conditions.delay)]
}

/** Time for a message on a link; undefined if it is lost, Infinity if nothing gets through (see `reliableTime`). */
export const linkTime = (conditions: Conditions, random: Random): number | undefined =>
  conditions.lossOnLinks === 'drops' ? packetTime(conditions, random) : reliableTime(conditions, random)

/**
 * Time for a packet of one who sends again what was lost, as TCP does; Infinity if so many are lost that it would still
 * be sending after the link time-out.
 */
export const reliableTime = (conditions: Conditions, random: Random): number => {
  let wait = conditions.retransmit
  for (let waited = 0; waited <= conditions.linkTimeout; waited += wait, wait *= 2) {
    const time = packetTime(conditions, random)
    if (time !== undefined) return waited + time
  }
  return Infinity
}
