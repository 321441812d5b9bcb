import type { PlayedFault } from './played-fault.ts'
import { describeAction } from './action.ts'

/** A fault, from when it was begun until it was undone. */
export interface FaultSpan {
  readonly words: string
  readonly from: number
  readonly inForce: number
  /** When the heal was begun that undid it; Infinity if none did. */
  readonly healing: number
  /** When that heal was in force. Until then the fault may be felt. */
  readonly until: number
}

/** Faults add up until all are healed. */
export const faultSpans = (faults: readonly PlayedFault[]): FaultSpan[] => {
  const heals = faults.filter(({ action }) => action.kind === 'heal')
  return faults.flatMap(({ action, from, inForce }) => {
    if (action.kind === 'heal') return []
    const heal = heals.find((heal) => heal.from >= inForce)
    const { from: healing, inForce: until } = heal ?? { from: Infinity, inForce: Infinity }
    return { words: describeAction(action), from, inForce, healing, until }
  })
}

/** What could be felt at a time, in words. */
export const faultsAt = (spans: readonly FaultSpan[], time: number): string => {
  const felt = spans.filter(({ from, until }) => from <= time && time < until)
  if (felt.length === 0) return 'no fault'
  return felt.map(({ words, healing }) => (healing <= time ? `the heal of ${words}` : words)).join(' and ')
}
