/**
 * An account is the fold of the *set* of its facts. Nothing here may depend on the order of arrival.
 *
 * - `erased` ends the account, whatever else is known.
 * - `disabled` holds until an `enabled` that names it: one made without knowing of it leaves it in force.
 * - Whatever ends sessions only adds to the set that `sessionEpoch` names and to a maximum.
 * - Of the passwords, and of the names, the latest by stamp counts. A writer stamps past all it knows of the
 *   user, so clocks decide only between changes that did not know of each other.
 * - `rehashed` names the fact whose password it hashes anew, and counts only as long as that fact does.
 */
import { createHash } from 'node:crypto'
import type { Fact, FactKind, RecordedFact } from './fact.ts'
import { msOf } from '../clock/stamp.ts'
import type { Stamp } from '../clock/stamp.ts'
import type { User } from '../user.ts'
import { normaliseUsername } from '../names/username.ts'

/** A user but for the claim, which depends on the other accounts. */
export interface Account extends Omit<User, 'claim'> {
  /** The name in the form in which names are compared. */
  readonly name: string
  /** Since when the account has claimed that name without a break. */
  readonly claimedAt: Stamp
}

interface Naming {
  readonly username: string
  readonly name: string
  readonly claimedAt: Stamp
}

type Registration = Extract<Fact, { kind: 'registered' }>
type Recorded<F extends Fact> = RecordedFact & { readonly fact: F }
/** A fact that sets a password. */
export type PasswordFact = Extract<Fact, { kind: 'registered' | 'passwordChanged' }>

const sessionEnding: ReadonlySet<FactKind> = new Set<FactKind>([
  'sessionsEnded',
  'passwordChanged',
  'disabled',
  'enabled',
])

/** `undefined`: no account is live, because it is erased or its registration has not arrived. */
export const foldAccount = (id: string, facts: readonly RecordedFact[]): Account | undefined => {
  const only = facts.length === 1 ? facts[0]?.fact : undefined
  if (only?.kind === 'registered') return justRegistered(id, only)
  const history = inOrder(facts)
  const registration = firstRegistration(history)
  if (registration === undefined || history.some(({ fact }) => fact.kind === 'erased')) return undefined
  const { fact } = registration
  const { username, name, claimedAt } = naming(fact, history)
  const { sessionsValidAfter, sessionEpoch } = sessions(history)
  return {
    id,
    username,
    name,
    claimedAt,
    passwordHash: passwordHash(currentPassword(registration, history), history),
    registeredAt: msOf(fact.at),
    sessionsValidAfter,
    sessionEpoch,
    disabled: openDisablings(history).length > 0,
  }
}

/** What the rest of this file comes to where nothing else is known: of nearly every user, at every start. */
const justRegistered = (id: string, { at, username, passwordHash: hash }: Registration): Account => {
  const { name, claimedAt } = claim(username, at)
  const { sessionsValidAfter, sessionEpoch } = noneEnded
  return {
    id,
    username,
    name,
    claimedAt,
    passwordHash: hash,
    registeredAt: msOf(at),
    sessionsValidAfter,
    sessionEpoch,
    disabled: false,
  }
}

const firstRegistration = (history: readonly RecordedFact[]): Recorded<Registration> | undefined => {
  for (const { id, fact } of history) if (fact.kind === 'registered') return { id, fact }
  return undefined
}

const naming = (registration: Registration, history: readonly RecordedFact[]): Naming => {
  let current = claim(registration.username, registration.at)
  for (const { fact } of history) {
    if (fact.kind !== 'renamed') continue
    const next = claim(fact.username, fact.at)
    // A new spelling of the same name is no new claim.
    current = next.name === current.name ? { ...current, username: next.username } : next
  }
  return current
}

const claim = (username: string, claimedAt: Stamp): Naming => ({
  username,
  name: normaliseUsername(username),
  claimedAt,
})

/** The fact whose password opens the account, or `undefined` when there is no account. */
export const passwordFact = (facts: readonly RecordedFact[]): Recorded<PasswordFact> | undefined => {
  const history = inOrder(facts)
  const registration = firstRegistration(history)
  return registration && currentPassword(registration, history)
}

const currentPassword = (
  registration: Recorded<Registration>,
  history: readonly RecordedFact[],
): Recorded<PasswordFact> => {
  let current: Recorded<PasswordFact> = registration
  for (const { id, fact } of history) if (fact.kind === 'passwordChanged') current = { id, fact }
  return current
}

/** A re-hash counts whatever its stamp, and never beyond the one password that it names. */
const passwordHash = (
  { id, fact: set }: Recorded<PasswordFact>,
  history: readonly RecordedFact[],
): string => {
  let hash = set.passwordHash
  for (const { fact } of history) {
    if (fact.kind === 'rehashed' && fact.rehashes === id) hash = fact.passwordHash
  }
  return hash
}

const noneEnded: Pick<User, 'sessionsValidAfter' | 'sessionEpoch'> = {
  sessionsValidAfter: 0,
  sessionEpoch: 'none',
}

const endsSessions = ({ fact }: RecordedFact): boolean => sessionEnding.has(fact.kind)

const sessions = (history: readonly RecordedFact[]): Pick<User, 'sessionsValidAfter' | 'sessionEpoch'> => {
  const endings = history.filter(endsSessions)
  const last = endings.at(-1)
  if (last === undefined) return noneEnded
  return { sessionsValidAfter: msOf(last.fact.at), sessionEpoch: digest(endings.map(({ id }) => id)) }
}

const digest = (ids: readonly string[]): string =>
  createHash('sha256')
    .update([...ids].sort().join())
    .digest('base64url')
    .slice(0, 22)

/** The ids of the `disabled` facts that nothing lifts. */
export const openDisablings = (facts: readonly RecordedFact[]): readonly string[] => {
  const disablings = facts.filter(({ fact }) => fact.kind === 'disabled')
  if (disablings.length === 0) return []
  const lifted = new Set(facts.map(({ fact }) => (fact.kind === 'enabled' ? fact.lifts : undefined)))
  return disablings.map(({ id }) => id).filter((id) => !lifted.has(id))
}

const inOrder = (facts: readonly RecordedFact[]): readonly RecordedFact[] =>
  facts.length < 2 ? facts : facts.toSorted(byStampThenId)

const byStampThenId = (a: RecordedFact, b: RecordedFact): number => {
  if (a.fact.at !== b.fact.at) return a.fact.at < b.fact.at ? -1 : 1
  return a.id < b.id ? -1 : 1
}
