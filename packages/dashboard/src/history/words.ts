import { seconds } from '../model/troubles.ts'
import type { Contest, Entry, Incident, Note, SideCount } from './incident.ts'

/** An entry of the history in sentences: what, and what came of it. */
export interface Told {
  readonly what: string
  readonly more: readonly string[]
}

export const told = (entry: Entry): Told => {
  if (entry.kind === 'disturbance') return { what: whatHappened(entry), more: outcome(entry) }
  if (entry.kind === 'contested') return { what: contestWords(entry), more: [] }
  if (entry.kind === 'told') return { what: entry.what, more: [...entry.more, `As ${entry.by} saw it.`] }
  return { what: noteWords(entry), more: [] }
}

const mostNames = 6

const listOf = (names: readonly string[], count: number = names.length): string => {
  const shown = names.slice(0, mostNames).join(', ')
  return count > mostNames ? `${shown} and ${count - mostNames} more` : shown
}

const mostOfSide = 3

const sideName = ({ names, count }: SideCount): string =>
  count <= mostOfSide ? names.join(', ') : `${names[0]} and ${count - 1} more`

const contestWords = ({ names }: Contest): string => `More than one account claims ${listOf(names)}`

const noteWords = ({ kind, names, count, from, until }: Note): string =>
  count === 1
    ? `${names[0]} ${kind}`
    : `${count} members ${kind} within ${seconds(until - from)}: ${listOf(names, count)}`

const whatHappened = ({ lost, isSplit, sides }: Incident): string => {
  if (isSplit) return `Split in ${sides.length}: ${sides.map(sideName).join(' | ')}`
  const [first, last] = [lost[0], lost.at(-1)]
  if (first === undefined || last === undefined) return 'Members could not reach each other'
  if (lost.length === 1) return `${first.name} was lost`
  return `${lost.length} members lost within ${seconds(last.at - first.at)}: ${listOf(lost.map(({ name }) => name))}`
}

/** How long it took, and what each side took meanwhile. */
const outcome = (incident: Incident): readonly string[] => [
  phase(incident),
  ...sideWords(incident),
  ...(incident.contested.length === 0
    ? []
    : [`${incident.contested.length} contested: ${listOf(incident.contested)}`]),
]

const phase = ({ from, healedAt, equalAt }: Incident): string => {
  if (healedAt === undefined) return 'It goes on.'
  const lasted = `Whole again after ${seconds(healedAt - from)}`
  return equalAt === undefined
    ? `${lasted}; not all hold the same yet.`
    : `${lasted}; all held the same ${seconds(equalAt - healedAt)} later.`
}

const sideWords = ({ sides, users }: Incident): readonly string[] => {
  const counted = sides.flatMap((side) =>
    growth(side) === undefined ? [] : [{ side, more: growth(side) ?? 0 }],
  )
  if (counted.length === 0) return []
  const isAlone = counted.length === 1
  const words = counted.map(
    ({ side, more }) => `${usersMore(more)} on ${isAlone ? 'this side' : sideName(side)}`,
  )
  const merged = users === undefined ? '' : `; ${usersMore(users.after - users.before)} in all once merged`
  return [`${words.join(', ')}${merged}.`]
}

/** A disturbance in one line: cut 14.0 s, the same again in 0.6 s, 4 more users, 1 contested. */
export const shortly = ({ isSplit, from, healedAt, equalAt, users, contested }: Incident): string => {
  const word = isSplit ? 'cut' : 'lost'
  if (healedAt === undefined) return `${word}, and it goes on`
  return [
    `${word} ${seconds(healedAt - from)}`,
    equalAt === undefined ? 'not all the same yet' : `the same again in ${seconds(equalAt - healedAt)}`,
    ...(users === undefined ? [] : [usersMore(users.after - users.before)]),
    ...(contested.length === 0 ? [] : [`${contested.length} contested`]),
  ].join(', ')
}

const growth = ({ before, now }: SideCount): number | undefined =>
  before === undefined || now === undefined ? undefined : now - before

/** Sign-ups less erasures: it is counts that are compared. */
const usersMore = (more: number): string => {
  if (more === 0) return 'no new users'
  return `${Math.abs(more)} ${more > 0 ? 'more' : 'fewer'} ${Math.abs(more) === 1 ? 'user' : 'users'}`
}
