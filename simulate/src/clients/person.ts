import type { Browser } from './browser.ts'

/** Whether something came to be: an answer that did not come, or says that nobody knows, leaves it open. */
export type Fact = 'no' | 'perhaps' | 'yes'

/** A browser of a person, and whether it is logged in. */
export interface Seat {
  browser: Browser
  isIn: boolean
}

/** A copy of a browser's cookies whose session was ended, by an answer that said so. */
export interface EndedCopy {
  readonly browser: Browser
  readonly how: string
}

/** What one person did, was told, and may therefore expect. */
export interface Person {
  readonly number: number
  readonly seats: readonly [Seat, Seat]
  /** Names that the account may have, and passwords: one of each once all is answered. */
  names: string[]
  passwords: string[]
  /** As the first log-in told it. */
  id: string | undefined
  signedUp: Fact
  erased: Fact
  /** Texts that are gone with the account. */
  readonly texts: string[]
  /** Labels of entries that were acknowledged. */
  readonly entries: string[]
  readonly ended: EndedCopy[]
  /** One thing at a time, as people do. */
  isBusy: boolean
}

export const createPerson = (number: number, browser: () => Browser): Person => ({
  number,
  seats: [
    { browser: browser(), isIn: false },
    { browser: browser(), isIn: false },
  ],
  names: [nameOf(number, 0)],
  passwords: [passwordOf(number, 0)],
  id: undefined,
  signedUp: 'no',
  erased: 'no',
  texts: [nameOf(number, 0)],
  entries: [],
  ended: [],
  isBusy: false,
})

export const nameOf = (person: number, count: number): string => `person-${person}-name-${count}`
export const passwordOf = (person: number, count: number): string =>
  `the ${count}th secret of ${person} is long`
