import { between, type Random } from './random.ts'

/** How the network treats what it does deliver. Times in milliseconds. */
export interface Conditions {
  /** One-way delay of a packet, uniform between the two. @default [0.2, 2] */
  readonly delay: readonly [least: number, most: number]
  /** Share of packets that are lost, 0 to 1. @default 0 */
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
  loss: 0,
  lossOnLinks: 'delays',
  retransmit: 200,
  linkTimeout: 20_000,
  dialTimeout: 2_000,
}

/** Time for one packet to arrive, or undefined if it is lost. */
export const packetTime = ({ delay, loss }: Conditions, random: Random): number | undefined =>
  random() < loss ? undefined : between(random, ...delay)

/** Time for a message on a link, or undefined if it is lost. */
export const linkTime = (conditions: Conditions, random: Random): number | undefined =>
  conditions.lossOnLinks === 'drops' ? packetTime(conditions, random) : reliableTime(conditions, random)

/** Time for a packet of one who sends again what was lost, as TCP does. */
export const reliableTime = (conditions: Conditions, random: Random): number => {
  let waited = 0
  let wait = conditions.retransmit
  for (;;) {
    const time = packetTime(conditions, random)
    if (time !== undefined) return waited + time
    waited += wait
    wait *= 2
  }
}
