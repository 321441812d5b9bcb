/**
 * An account is the fold of the *set* of its facts. Nothing here may depend on the order of arrival.
 *
 * - `erased` ends the account, whatever else is known.
 * - `disabled` holds until an `enabled` that names it: one made without knowing of it leaves it in force.
 * - Whatever ends sessions only adds to the set that `sessionEpoch` names and to a maximum.
 * - Of the passwords, and of the names, the latest by stamp counts. A writer stamps past all it knows of the
 *   user, so clocks decide only between changes that did not know of each other.
 */
import { createHash } from 'node:crypto'
import type { Fact, FactKind } from './fact.ts'
import { msOf } from '../clock/stamp.ts'
import type { Stamp } from '../clock/stamp.ts'
import type { User } from '../user.ts'
import { normaliseUsername } from '../names/username.ts'

export interface RecordedFact {
  readonly id: string
  readonly fact: Fact
}

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

const SESSION_ENDING: ReadonlySet<FactKind> = new Set<FactKind>([
  'sessionsEnded',
  'passwordChanged',
  'disabled',
  'enabled',
])

/** `undefined`: no account is live, because it is erased or its registration has not arrived. */
export function foldAccount(id: string, facts: readonly RecordedFact[]): Account | undefined {
  const history = facts.toSorted(byStampThenId)
  const registration = firstRegistration(history)
  if (registration === undefined || history.some(({ fact }) => fact.kind === 'erased')) return undefined
  const { username, name, claimedAt } = naming(registration, history)
  const { sessionsValidAfter, sessionEpoch } = sessions(history)
  return {
    id,
    username,
    name,
    claimedAt,
    passwordHash: passwordHash(registration, history),
    registeredAt: msOf(registration.at),
    sessionsValidAfter,
    sessionEpoch,
    disabled: openDisablings(history).length > 0,
  }
}

function firstRegistration(history: readonly RecordedFact[]): Registration | undefined {
  for (const { fact } of history) if (fact.kind === 'registered') return fact
  return undefined
}

function naming(registration: Registration, history: readonly RecordedFact[]): Naming {
  let current = claim(registration.username, registration.at)
  for (const { fact } of history) {
    if (fact.kind !== 'renamed') continue
    const next = claim(fact.username, fact.at)
    // A new spelling of the same name is no new claim.
    current = next.name === current.name ? { ...current, username: next.username } : next
  }
  return current
}

function claim(username: string, claimedAt: Stamp): Naming {
  return { username, name: normaliseUsername(username), claimedAt }
}

function passwordHash(registration: Registration, history: readonly RecordedFact[]): string {
  let current = registration.passwordHash
  for (const { fact } of history) if (fact.kind === 'passwordChanged') current = fact.passwordHash
  return current
}

function sessions(history: readonly RecordedFact[]): Pick<User, 'sessionsValidAfter' | 'sessionEpoch'> {
  const endings = history.filter(({ fact }) => SESSION_ENDING.has(fact.kind))
  const last = endings.at(-1)
  if (last === undefined) return { sessionsValidAfter: 0, sessionEpoch: 'none' }
  return { sessionsValidAfter: msOf(last.fact.at), sessionEpoch: digest(endings.map(({ id }) => id)) }
}

function digest(ids: readonly string[]): string {
  return createHash('sha256')
    .update([...ids].sort().join())
    .digest('base64url')
    .slice(0, 22)
}

/** The ids of the `disabled` facts that nothing lifts. */
export function openDisablings(facts: readonly RecordedFact[]): readonly string[] {
  const disablings = facts.filter(({ fact }) => fact.kind === 'disabled')
  if (disablings.length === 0) return []
  const lifted = new Set(facts.map(({ fact }) => (fact.kind === 'enabled' ? fact.lifts : undefined)))
  return disablings.map(({ id }) => id).filter((id) => !lifted.has(id))
}

function byStampThenId(a: RecordedFact, b: RecordedFact): number {
  if (a.fact.at !== b.fact.at) return a.fact.at < b.fact.at ? -1 : 1
  return a.id < b.id ? -1 : 1
}
