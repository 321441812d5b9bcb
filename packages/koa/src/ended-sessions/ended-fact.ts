import { parseJson } from '@grapevine/std'
import { factOf, type Fact } from '@grapevine/facts'

/** That a session was ended. */
export interface EndedFact {
  readonly session: string
  /** When it would be over in any case, in ms since 1970. */
  readonly until: number
}

/** The salt makes it two facts when a session is ended on both sides of a split, which does no harm. */
export const endedFactOf = (user: string, { session, until }: EndedFact, salt: string): Fact =>
  factOf(user, JSON.stringify({ kind: 'ended', session, until, salt }))

/** `undefined` for what is not understood: it is held and passed on, and ends nothing. */
export const parseEndedFact = (text: string): EndedFact | undefined => {
  const value = parseJson(text)
  if (typeof value !== 'object' || value === null || Reflect.get(value, 'kind') !== 'ended') return undefined
  const [session, until] = [Reflect.get(value, 'session'), Reflect.get(value, 'until')]
  return typeof session === 'string' && Number.isSafeInteger(until) ? { session, until } : undefined
}
