/**
 * What is known of a user, fact by fact, so that one more costs the same after twenty thousand as after two. It is a
 * function of the *set* of their facts: nothing here may depend on the order of arrival.
 *
 * Facts of one register (the password, the name, what ended sessions) name those of it that they supersede. Since a name is
 * a hash, that is a directed graph without circles, and all that has to be kept of it are its heads: the facts that none
 * other names. They tell everything below them, as the last commits of a repository do.
 */
import type { Fact, FactKind, RecordedFact, Saying } from '../facts/fact.ts'
import { Heads, isBefore, type Head } from './heads.ts'

export interface History {
  /** The earliest `registered`: below all that was said later. */
  registration: Head | undefined
  /** By register, the facts that no other of it names. */
  readonly heads: Partial<Record<Register, Heads>>
  /** Hashes of the `disabled` facts that nothing lifts. */
  disablings: Set<string> | undefined
  /** What was named as superseded, or lifted, and has not arrived. */
  missing: Map<string, Set<Register | 'lifted'>> | undefined
}

export type Register = 'password' | 'rehash' | 'name' | 'sessions' | `role ${string}`

export const emptyHistory = (): History => ({
  registration: undefined,
  heads: {},
  disablings: undefined,
  missing: undefined,
})

/** In which registers a fact has its say. A registration is below all others, and needs none. Each role is a register of its own. */
export const registersOf = (fact: Fact | Saying): readonly Register[] =>
  'role' in fact ? [`role ${fact.role}`] : registersOfKind[fact.kind]

const registersOfKind: Readonly<Record<FactKind, readonly Register[]>> = {
  registered: [],
  passwordChanged: ['password', 'sessions'],
  rehashed: ['rehash'],
  renamed: ['name'],
  respelled: ['name'],
  sessionsEnded: ['sessions'],
  disabled: ['sessions'],
  // Ends sessions as well, so that enabling revives none.
  enabled: ['sessions'],
  roleGranted: [],
  roleRevoked: [],
}

/**
 * @param fact one that was not added before
 * @param hasArrived whether a fact, by its hash, was added already
 */
export const addFact = (
  history: History,
  { hash, fact }: RecordedFact,
  hasArrived: (hash: string) => boolean,
): void => {
  const known = history.missing?.get(hash)
  history.missing?.delete(hash)
  if (fact.kind === 'registered') history.registration = earlier(history.registration, { hash, at: fact.at })
  for (const register of registersOf(fact)) {
    const heads = (history.heads[register] ??= new Heads())
    for (const named of fact.after)
      if (!heads.delete(named) && !hasArrived(named)) miss(history, named, register)
    if (known?.has(register) !== true) heads.add({ hash, at: fact.at })
  }
  if (fact.kind === 'disabled' && known?.has('lifted') !== true) (history.disablings ??= new Set()).add(hash)
  if (fact.kind !== 'enabled') return
  for (const named of fact.lifts)
    if (history.disablings?.delete(named) !== true && !hasArrived(named)) miss(history, named, 'lifted')
}

const miss = (history: History, hash: string, as: Register | 'lifted'): void => {
  history.missing ??= new Map()
  const known = history.missing.get(hash) ?? new Set()
  history.missing.set(hash, known.add(as))
}

const earlier = (a: Head | undefined, b: Head): Head => (a === undefined || isBefore(b, a) ? b : a)

/** The hashes that a new fact which says this supersedes. */
export const supersededBy = (history: History, saying: Saying): readonly string[] => [
  ...new Set(registersOf(saying).flatMap((register) => [...(history.heads[register]?.hashes() ?? [])])),
]
