import { limits } from '../../limits.ts'
import type { Clock } from '@grapevine/std'

/** So that an exchange ends also with a member that never comes to an end. */
export interface ExchangeDeadline {
  /** @throws Error when the exchange has taken too long */
  check(): void
}

export const createExchangeDeadline = (clock: Clock): ExchangeDeadline => {
  const until = clock.now() + limits.exchange
  return {
    check: () => {
      if (clock.now() > until) throw new Error(`no end within ${limits.exchange / 1_000} s`)
    },
  }
}
