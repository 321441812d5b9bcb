import { checkConditions } from '../config.ts'
import { defaultConditions, type Conditions } from './conditions.ts'

/** The conditions of each direction between two hosts. */
export interface Weather {
  between(from: string, to: string): Conditions
  change(changes: Partial<Conditions>, between?: { readonly from: string; readonly to: string }): void
  /** As at the beginning. */
  calm(): void
}

export const createWeather = (initial: Partial<Conditions>): Weather => {
  checkConditions(initial)
  const atFirst: Conditions = { ...defaultConditions, ...initial }
  const local = new Map<string, Partial<Conditions>>()
  let everywhere = atFirst
  const key = (from: string, to: string): string => JSON.stringify([from, to])
  return {
    between: (from, to) => {
      if (local.size === 0) return everywhere
      return { ...everywhere, ...local.get(key(from, to)) }
    },
    change: (changes, between) => {
      checkConditions(changes)
      if (between === undefined) everywhere = { ...everywhere, ...changes }
      else {
        const place = key(between.from, between.to)
        local.set(place, { ...local.get(place), ...changes })
      }
    },
    calm: () => {
      local.clear()
      everywhere = atFirst
    },
  }
}
