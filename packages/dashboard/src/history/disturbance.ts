import type { Incident, Loss, SideCount } from './incident.ts'
import type { Sample, Side } from './sample.ts'

const mostNames = 100
const mostContested = 50

/** What is new between two samples, as far as it disturbs. */
export interface Break {
  readonly losses: readonly Loss[]
  readonly isSplit: boolean
}

export const breakOf = (before: Sample, { at, lost, members, sides }: Sample): Break | undefined => {
  const losses = members
    .filter(({ id }) => lost.has(id) && !before.lost.has(id))
    .map(({ id, name }) => ({ id, name, at }))
  const isSplit = sides.length > 1 && before.sides.length < 2
  return losses.length > 0 || isSplit ? { losses, isSplit } : undefined
}

export const begin = (sample: Sample, found: Break, users: number | undefined): Incident =>
  grow(
    {
      kind: 'disturbance',
      from: sample.at,
      lost: [],
      isSplit: false,
      sides: sidesOf([], sample, users),
      contested: [],
    },
    found,
  )

export const grow = (incident: Incident, { losses, isSplit }: Break): Incident => ({
  ...incident,
  lost: [...incident.lost, ...losses],
  isSplit: incident.isSplit || isSplit,
})

/** What one more sample says of a disturbance that goes on. */
export const advance = (incident: Incident, before: Sample, sample: Sample): Incident => {
  const { healedAt, ...open } = incident
  const isBroken = isStillBroken(incident, sample)
  const fresh = sample.contested.filter(
    (name) => !before.contested.includes(name) && !incident.contested.includes(name),
  )
  const next: Incident = {
    ...open,
    sides: isBroken ? sidesOf(incident.sides, sample, incident.sides[0]?.before) : incident.sides,
    contested:
      fresh.length === 0 ? incident.contested : [...incident.contested, ...fresh].slice(0, mostContested),
    ...(isBroken ? {} : { healedAt: healedAt ?? sample.at }),
  }
  return end(isSame(incident, next) ? incident : next, sample)
}

const isStillBroken = ({ lost, isSplit }: Incident, sample: Sample): boolean =>
  (isSplit && sample.sides.length > 1) || lost.some(({ id }) => sample.lost.has(id))

/** It is over when its members are back, or gone for good, and all are known to hold the same. */
const end = (incident: Incident, sample: Sample): Incident => {
  if (incident.healedAt === undefined || sample.isEqual !== true) return incident
  const [before, after] = [incident.sides[0]?.before, sample.sides[0]?.users]
  const users = before === undefined || after === undefined ? {} : { users: { before, after } }
  return { ...incident, equalAt: sample.at, ...users }
}

/** As long as it lasts the sides are those of the sample; of each it is remembered what was counted before. */
const sidesOf = (
  known: readonly SideCount[],
  { sides }: Sample,
  users: number | undefined,
): readonly SideCount[] =>
  sides.map((side) => countOf(side, known.find((each) => isSameSide(each, side))?.before ?? users))

const countOf = ({ members, users: now }: Side, before: number | undefined): SideCount => ({
  ids: members.map(({ id }) => id).slice(0, mostNames),
  names: members.map(({ name }) => name).slice(0, mostNames),
  count: members.length,
  before,
  now,
})

const isSameSide = ({ ids }: SideCount, { members }: Side): boolean =>
  members.some(({ id }) => ids.includes(id))

const isSame = (one: Incident, other: Incident): boolean => JSON.stringify(one) === JSON.stringify(other)
