import { namesOf, sideOf } from './names.ts'
import { hasAnswered, isPresent, partitionsOf } from './partitions.ts'
import { contentGroupsOf } from './contents.ts'
import { situationOf } from './situation.ts'
import { seconds, skewWorthTelling, troublesOf } from './troubles.ts'
import type { MemberPicture, Picture } from '../picture.ts'

/** Something to look at, and what to do about it: one sentence each. */
export interface Advice {
  readonly what: string
  readonly next: string
}

const mostNames = 6

/** What an operator can do now, the worst first. The same words are in the log and in `grapevine status`. */
export const adviceOf = (picture: Picture): readonly Advice[] => {
  const present = picture.members.filter(isPresent)
  return [
    ...ofSplit(picture),
    ...ofDown(picture),
    ...about(
      present.filter((member) => member.state === 'suspect' || !hasAnswered(member)),
      (names) => `${names}: no answer`,
      'Wait a few seconds. If it lasts, the process hangs or its machine is overloaded: look at its CPU, its log and its /healthz.',
    ),
    ...about(
      present.filter(({ report }) => report.kind === 'answered' && report.disk === 'failing'),
      (names) => `${names}: the disk takes no writes`,
      'Make room in DATA_DIR or mend the disk: until then sign-ups there are refused, log-ins go on.',
    ),
    ...ofDifference(picture, present),
    ...about(
      present.filter(({ skew = 0 }) => Math.abs(skew) >= skewWorthTelling),
      (names) => `${names}: the clock is ${seconds(skewWorthTelling)} or more from this one`,
      'Set the clocks of both by NTP; nobody is locked out meanwhile.',
    ),
    ...withTrouble(
      picture,
      /unconfirmed/,
      'writes that others did not confirm',
      'See whether they reach it, and whether their disks are slow; they get the writes by the next comparison.',
    ),
    ...withTrouble(
      picture,
      / late$/,
      'the process is slow to answer',
      'It has too little CPU, or runs something long: see its event-loop delay in the metrics.',
    ),
    ...ofUnread(present),
    ...ofContests(picture),
    ...ofAlone(picture),
  ]
}

const about = (
  members: readonly MemberPicture[],
  what: (names: string) => string,
  next: string,
): readonly Advice[] => (members.length === 0 ? [] : [{ what: what(namesOf(members)), next }])

const ofSplit = (picture: Picture): readonly Advice[] => {
  const situation = situationOf(picture)
  if (situation.kind !== 'split' || !situation.givenUp) return []
  return [
    {
      what: `The network is cut between ${situation.sides.map((side) => sideOf(side)).join(' | ')}`,
      next: 'Mend the network between them (CLUSTER_LISTEN, its port, firewalls). Both sides go on serving and merge by themselves; nothing is to be done to the data.',
    },
  ]
}

const ofDown = ({ observer, members }: Picture): readonly Advice[] => {
  const down = members.filter(({ state }) => state === 'down')
  const forget = `If it is gone for good: grapevine members forget ${down.length === 1 ? down[0]?.name : '<member>'}.`
  return about(
    down,
    (names) => (observer.kind === 'outside' ? `${names}: down` : `${names}: no answer to any member here`),
    observer.kind === 'outside'
      ? `Look at the end of its log and start it again; it catches up by itself. ${forget}`
      : `If its /healthz answers, the network to it is cut: see CLUSTER_LISTEN, its port, firewalls. Else start it again; it catches up by itself. ${forget}`,
  )
}

/** Members that reach each other and do not hold the same. */
const ofDifference = (picture: Picture, present: readonly MemberPicture[]): readonly Advice[] => {
  const odd = partitionsOf({ ...picture, members: present }).flatMap((partition) =>
    contentGroupsOf(partition)
      .slice(1)
      .flatMap(({ holders }) => holders),
  )
  return about(
    odd,
    (names) => `${names}: not the same data as most that it reaches`,
    'Usually over within seconds. If it lasts while nobody writes, compare the DIGEST of grapevine status there and here, and look for "failed" in its log.',
  )
}

const withTrouble = (picture: Picture, words: RegExp, what: string, next: string): readonly Advice[] => {
  const troubles = troublesOf(picture)
  const members = picture.members.filter(({ id }) => troubles.get(id)?.some((trouble) => words.test(trouble)))
  return about(members, (names) => `${names}: ${what}`, next)
}

/** Reasons that are not those of somebody who lies. */
const ofLaterVersions: readonly string[] = ['unknownKind', 'otherFields']

const ofUnread = (present: readonly MemberPicture[]): readonly Advice[] => {
  const reasons = new Map<string, MemberPicture[]>()
  for (const member of present) {
    if (member.report.kind === 'silent') continue
    for (const [reason, count] of Object.entries(member.report.unread ?? {})) {
      if (count > 0) reasons.set(reason, [...(reasons.get(reason) ?? []), member])
    }
  }
  return [...reasons]
    .slice(0, 8)
    .flatMap(([reason, members]) =>
      about(
        members,
        (names) => `${names}: facts that are held and not read (${reason})`,
        ofLaterVersions.includes(reason)
          ? 'A later version wrote them: upgrade these members, and they are read.'
          : 'No honest member writes them: see which member has the secret and should not, and give the cluster a new one.',
      ),
    )
}

const ofContests = ({ contested }: Picture): readonly Advice[] => {
  if (contested.length === 0) return []
  const names = contested.slice(0, mostNames).map(({ name }) => name)
  const more = contested.length - names.length
  return [
    {
      what: `More than one account claims ${names.join(', ')}${more > 0 ? ` and ${more} more names` : ''}`,
      next: 'Nothing is lost: each password opens its own account, and who came second is asked for another name. To decide yourself: grapevine users disable <account id>.',
    },
  ]
}

/** Who knows of others that are down has found them once: of that it is said enough. */
const ofAlone = ({ alone, members }: Picture): readonly Advice[] =>
  alone === undefined || members.some(({ state }) => state === 'down')
    ? []
    : [
        {
          what: `No other member found in ${Math.round(alone.for / 1_000)} s: ${alone.tried}`,
          next: alone.expectsOthers
            ? 'Start the others, or see why they cannot be reached: CLUSTER_NAME, CLUSTER_SECRET and the ports must fit.'
            : 'If there are others: no multicast here? Set CLUSTER_SEEDS=host:port or CLUSTER_DISCOVERY=dns:name.',
        },
      ]
