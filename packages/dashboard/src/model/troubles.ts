import { contentGroupsOf } from './contents.ts'
import { hasAnswered, isPresent, partitionsOf } from './partitions.ts'
import { byName } from './names.ts'
import type { MemberPicture, Picture } from '../picture.ts'

/** What is not right with a member, in a few words each; `undefined` in the map for none that is known. */
export type Troubles = ReadonlyMap<string, readonly string[]>

/** Milliseconds between two clocks that are worth a word; membership warns from there on. */
export const skewWorthTelling = 2_000
/** Milliseconds that a process may be late, or behind with confirmations, before it is worth a word. */
const delayWorthTelling = 500
const lagWorthTelling = 10_000

/** The troubles of each member that has any; `left` is none. */
export const troublesOf = (picture: Picture): Troubles => {
  const usual = usualDigests(picture)
  return new Map(
    picture.members
      .map((member) => [member.id, troublesOfMember(member, usual.get(member.id))] as const)
      .filter(([, troubles]) => troubles.length > 0),
  )
}

/** For each member what most of those that it can reach hold, itself included. */
const usualDigests = (picture: Picture): ReadonlyMap<string, string> =>
  new Map(
    partitionsOf(picture).flatMap((partition) => {
      const [most] = contentGroupsOf(partition)
      return most === undefined ? [] : partition.map(({ id }) => [id, most.digest] as const)
    }),
  )

const troublesOfMember = (member: MemberPicture, usual: string | undefined): readonly string[] => {
  const { state, report, skew } = member
  if (state === 'down') return ['down']
  if (state === 'left') return []
  return [
    ...(hasAnswered(member) ? [] : ['does not answer']),
    ...(state === 'suspect' ? ['suspect'] : []),
    ...(skew !== undefined && Math.abs(skew) >= skewWorthTelling ? [skewWords(skew)] : []),
    ...(report.kind === 'answered' ? ofAnswer(report, usual) : []),
  ]
}

const ofAnswer = (
  report: Extract<MemberPicture['report'], { kind: 'answered' }>,
  usual: string | undefined,
): readonly string[] => {
  const unread = Object.values(report.unread ?? {}).reduce((sum, count) => sum + count, 0)
  return [
    ...(usual !== undefined && report.digest !== usual ? ['other data'] : []),
    ...(report.disk === 'failing' ? ['its disk takes no writes'] : []),
    ...(report.lag !== undefined && report.lag >= lagWorthTelling
      ? [`unconfirmed for ${seconds(report.lag)}`]
      : []),
    ...(report.loopDelay !== undefined && report.loopDelay >= delayWorthTelling
      ? [`its process is ${seconds(report.loopDelay)} late`]
      : []),
    ...(unread > 0 ? [`${unread} unread ${unread === 1 ? 'fact' : 'facts'}`] : []),
  ]
}

export const skewWords = (skew: number): string =>
  `clock ${duration(Math.abs(skew))} ${skew > 0 ? 'ahead' : 'behind'}`

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const

/** In the largest unit of which there are two or more: a sentence needs no more. */
export const duration = (ms: number): string => {
  const [unit, size] = units.find(([, each]) => ms >= 2 * each) ?? ['s', 0]
  return size === 0 ? seconds(ms) : `${Math.floor(ms / size)} ${unit}`
}

export const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`

/** In the order of picture and table: troubled first, then by name; those that left come last. */
export const troubledFirst = (
  members: readonly MemberPicture[],
  troubles: Troubles,
): readonly MemberPicture[] => {
  const rank = (member: MemberPicture): number => (troubles.has(member.id) ? 0 : isPresent(member) ? 1 : 2)
  return members.toSorted((one, other) => rank(one) - rank(other) || byName(one, other))
}
