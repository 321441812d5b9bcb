import { agree, namesOf, sideOf } from './names.ts'
import { contentGroupsOf } from './contents.ts'
import { hasAnswered, isPresent, type Partition } from './partitions.ts'
import { situationOf, type Situation } from './situation.ts'
import type { MemberPicture, Picture } from '../picture.ts'

/** How things stand: `well`; on the move; worth a look; people on two sides live in two worlds, or nobody serves them. */
export type Severity = 'well' | 'changing' | 'trouble' | 'split'

/** The sentence on top. */
export interface Summary {
  readonly severity: Severity
  readonly headline: string
  readonly detail: string
}

export const summaryOf = (picture: Picture): Summary => summaryOfSituation(situationOf(picture), picture)

const summaryOfSituation = (situation: Situation, picture: Picture): Summary => {
  switch (situation.kind) {
    case 'nobody':
      return nobody(situation)
    case 'split':
      return split(situation, picture)
    case 'unreachable':
      return unreachable(situation, picture)
    case 'down':
      return {
        severity: 'trouble',
        headline: `${namesOf(situation.down)} ${agree(situation.down, 'is', 'are')} down`,
        detail: dataOf(picture),
      }
    case 'silent':
      return {
        severity: 'trouble',
        headline: `${namesOf(situation.silent)} ${agree(situation.silent, 'does', 'do')} not answer`,
        detail: dataOf(picture),
      }
    case 'differing':
      return { severity: 'changing', headline: 'Not all hold the same yet', detail: dataOf(picture) }
    case 'alone':
      return {
        severity: 'well',
        headline: 'One member, by itself',
        detail: 'Start another, and the two find each other.',
      }
    case 'together':
      return together(situation, picture)
  }
}

const nobody = ({ down, silent, left }: Extract<Situation, { kind: 'nobody' }>): Summary => {
  const parts = [
    down.length > 0 ? `${namesOf(down)} ${agree(down, 'is', 'are')} down` : '',
    silent.length > 0 ? `${namesOf(silent)} ${agree(silent, 'does', 'do')} not answer` : '',
    left.length > 0 ? `${namesOf(left)} ${agree(left, 'has', 'have')} left` : '',
  ].filter((part) => part !== '')
  return {
    severity: 'split',
    headline: silent.length > 0 ? 'No member answers' : 'No member runs',
    detail: parts.length === 0 ? 'No member is known.' : `${parts.join('; ')}.`,
  }
}

const split = ({ sides, givenUp }: Extract<Situation, { kind: 'split' }>, picture: Picture): Summary => {
  const names = sides.map((side) => sideOf(side)).join(' | ')
  if (givenUp) {
    return {
      severity: 'split',
      headline: `Split in ${sides.length}: ${names}`,
      detail: sidesData(sides, picture),
    }
  }
  return {
    severity: 'changing',
    headline: `No link between ${names}`,
    detail: 'Nobody has given up on anybody: they have not found each other yet, or a cut has just begun.',
  }
}

const sidesData = (sides: readonly Partition[], picture: Picture): string => {
  if (contentGroupsOf(picture.members).length === 1)
    return `${sameSoFar(picture)} What one side takes now, the other gets after the heal.`
  const labels = sides.map((side) =>
    contentGroupsOf(side)
      .map(({ label }) => label)
      .join(', '),
  )
  return `The sides hold different data: ${labels.join(' | ')}. After the heal each gets what the others took.`
}

const sameSoFar = ({ members }: Picture): string =>
  members.some((member) => isPresent(member) && !hasAnswered(member))
    ? 'Those that answer hold the same so far.'
    : 'What they hold is the same so far.'

const unreachable = (
  { missing, seen, all }: Extract<Situation, { kind: 'unreachable' }>,
  picture: Picture,
): Summary => {
  const isHalf = 2 * seen === all
  const isLess = 2 * seen < all
  const headline =
    missing.length > 3
      ? `${missing.length} of ${all} members cannot be reached from here`
      : `${namesOf(missing)} cannot be reached from here`
  const side = isHalf
    ? `This side has ${seen} of ${all}, exactly half; the other half, if it runs, sees the same.`
    : `This side has ${seen} of ${all}${isLess ? ', less than half' : ''}.`
  return {
    severity: isHalf || isLess ? 'split' : 'trouble',
    headline,
    detail: `Crashed, hung or cut off: from here these look the same. ${side} ${dataOf(picture)}`,
  }
}

const together = (
  { members, unlinked, pairs }: Extract<Situation, { kind: 'together' }>,
  picture: Picture,
): Summary => ({
  severity: 'well',
  headline:
    unlinked === 0
      ? `${members.length} members, all of them linked`
      : `${members.length} members that reach each other, ${pairs - unlinked} of ${pairs} pairs directly`,
  detail: dataOf(picture),
})

/** Who holds what, as far as they said so. */
const dataOf = ({ members }: Picture): string => {
  const groups = contentGroupsOf(members.filter(isPresent))
  const unknown = members.filter((member) => isPresent(member) && !hasAnswered(member))
  const [first] = groups
  if (first === undefined) return 'What they hold is not known.'
  const known =
    groups.length > 1
      ? `${groups.length} different contents: ${groups.map(({ label, holders }) => `${label} on ${holders.length}`).join(', ')}.`
      : sameWords(first.holders, unknown.length > 0)
  return unknown.length === 0
    ? known
    : `${known} What ${namesOf(unknown)} ${agree(unknown, 'holds', 'hold')} is not known.`
}

const sameWords = (holders: readonly MemberPicture[], isPart: boolean): string => {
  if (holders.length === 1)
    return isPart ? `Only ${namesOf(holders)} answers.` : `Only ${namesOf(holders)} is here.`
  return isPart ? `The ${holders.length} that answer hold the same.` : 'All hold the same.'
}
