/**
 * Milliseconds of the machine's monotonic clock (CLOCK_MONOTONIC). Every process of one boot reads the same clock, so
 * a time taken in one and a time taken in another can be subtracted: one-way delays need no round trip to be halved.
 */
export const monotonic = (): number => Number(process.hrtime.bigint()) / 1e6

export { setTimeout as sleep } from 'node:timers/promises'
