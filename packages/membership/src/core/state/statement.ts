import type { Member, MemberState } from './member.ts'

/** What one member says of another (or itself); the unit of gossip. */
export interface Statement extends Member {
  /** With `suspect`: who found it silent, each on its own. Sorted; at most {@link mostAccusers}. */
  readonly accusers?: readonly string[]
  /** That the member is at this incarnation, by its key; none from members of version 0. */
  readonly proof?: string
}

/** The first accuser and the confirmations that shorten a suspicion (Lifeguard, section IV-B). */
export const mostAccusers = 4

const precedence: Readonly<Record<MemberState, number>> = { alive: 0, suspect: 1, down: 2, left: 3 }

/**
 * SWIM's order of statements about one member: the higher incarnation, then the graver state; accusers add up. A
 * join: in whatever order and however often statements arrive, all members end with the same one. Returns `known`
 * itself when the statement adds nothing.
 */
export const merge = (known: Statement, statement: Statement): Statement => {
  const later =
    statement.incarnation - known.incarnation || precedence[statement.state] - precedence[known.state]
  if (later !== 0) return later > 0 ? statement : known
  // A member never describes itself in two ways under one incarnation; two processes with one key would.
  const described = compareDescriptions(statement, known) > 0 ? statement : known
  const proof = known.proof ?? statement.proof
  const base = proof === described.proof || proof === undefined ? described : { ...described, proof }
  if (known.state !== 'suspect') return base
  const accusers = union(known.accusers ?? [], statement.accusers ?? [])
  if (base === known && accusers.length === (known.accusers ?? []).length && isSame(accusers, known.accusers))
    return known
  return { ...base, accusers }
}

const union = (some: readonly string[], others: readonly string[]): string[] =>
  [...new Set([...some, ...others])].sort().slice(0, mostAccusers)

const isSame = (some: readonly string[], others: readonly string[] = []): boolean =>
  some.every((item, index) => item === others[index])

export const isSameDescription = (a: Member, b: Member): boolean => compareDescriptions(a, b) === 0

const compareDescriptions = (a: Member, b: Member): number => {
  if (a.name === b.name && a.addresses === b.addresses && a.metadata === b.metadata && a.speaks === b.speaks)
    return 0
  const one = describe(a)
  const other = describe(b)
  if (one === other) return 0
  return one > other ? 1 : -1
}

const describe = ({ name, addresses, metadata, speaks }: Member): string =>
  JSON.stringify([
    name,
    addresses,
    Object.entries(metadata).sort(([a], [b]) => (a > b ? 1 : -1)),
    speaks ?? '',
  ])

/** The public part of a statement. */
export const memberOf = ({ accusers: _accusers, proof: _proof, ...member }: Statement): Member => member
