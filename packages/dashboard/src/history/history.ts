import { isOpen, type Entry, type Note } from './incident.ts'
import { sampleOf, type Sample } from './sample.ts'
import { advance, begin, breakOf, grow } from './disturbance.ts'
import type { Picture } from '../picture.ts'

/** What happened to a cluster, as one observer saw it, newest first: bounded, and forgotten after a day. */
export interface History {
  /** Takes in one moment. @returns what is new with it, the oldest first */
  observe(picture: Picture): readonly Change[]
  entries(): readonly Entry[]
  /** Something is going on: it is worth looking closely, so that it is known when all hold the same. */
  isUnsettled(): boolean
}

/** What one moment changed: something came; grew (one more was lost); only its counts moved; or it is over in part or whole. */
export interface Change {
  readonly kind: 'came' | 'grew' | 'counted' | 'healed' | 'ended'
  readonly entry: Entry
}

/** Ms for which it is kept, and how much of it at most. */
export const keptFor: number = 24 * 60 * 60 * 1_000
export const mostEntries: number = 500
/** Events of a kind that are no further apart, in ms, are told as one. */
const together = 5_000
/** A cut is noticed seconds after it began: users are counted from this long before, in ms. */
const noticedWithin = 5_000
const mostNames = 100

interface State {
  readonly entries: readonly Entry[]
  readonly before: Sample | undefined
  /** The last calm samples, oldest first, to count users from. */
  readonly calm: readonly { readonly at: number; readonly users: number | undefined }[]
}

export const createHistory = (): History => {
  let state: State = { entries: [], before: undefined, calm: [] }
  return {
    observe: (picture) => {
      const next = step(state, sampleOf(picture))
      const before = state.entries
      state = next
      return next.entries
        .filter((entry) => !before.includes(entry))
        .map((entry) => changeOf(entry, before))
        .toReversed()
    },
    entries: () => state.entries,
    isUnsettled: () => state.entries.some(isOpen),
  }
}

const changeOf = (entry: Entry, before: readonly Entry[]): Change => {
  const old = before.find(({ kind, from }) => kind === entry.kind && from === entry.from)
  if (old === undefined) return { kind: 'came', entry }
  if (entry.kind !== 'disturbance' || old.kind !== 'disturbance') return { kind: 'grew', entry }
  if (entry.equalAt !== undefined) return { kind: 'ended', entry }
  if (entry.healedAt !== undefined && old.healedAt === undefined) return { kind: 'healed', entry }
  const hasGrown = entry.lost.length > old.lost.length || entry.contested.length > old.contested.length
  return { kind: hasGrown ? 'grew' : 'counted', entry }
}

const step = (state: State, sample: Sample): State => {
  const { before } = state
  const calm = calmAfter(state, sample)
  if (before === undefined) return { ...state, before: sample, calm }
  const entries = disturb(comingsAndGoings(state.entries, before, sample), state, before, sample)
  return {
    entries: entries
      .toSorted((one, other) => other.from - one.from)
      .filter(({ from }) => sample.at - from < keptFor)
      .slice(0, mostEntries),
    before: sample,
    calm: entries.some(isOpen) ? state.calm : calm,
  }
}

/** Disturbances that go on learn of the sample; what is newly broken belongs to the last of them, or begins one. */
const disturb = (
  entries: readonly Entry[],
  { calm }: State,
  before: Sample,
  sample: Sample,
): readonly Entry[] => {
  const found = breakOf(before, sample)
  const last = entries.find(isOpen)
  const joins = last !== undefined && sample.at - (last.lost.at(-1)?.at ?? last.from) <= together
  const grown = entries.map((entry) => {
    if (!isOpen(entry)) return entry
    return advance(
      found !== undefined && joins && entry === last ? grow(entry, found) : entry,
      before,
      sample,
    )
  })
  if (found !== undefined && !joins) return [begin(sample, found, calm[0]?.users), ...grown]
  return last === undefined ? contests(grown, before, sample) : grown
}

const calmAfter = ({ calm }: State, { at, sides }: Sample): State['calm'] => {
  const users = sides.length === 1 ? sides[0]?.users : undefined
  return [...calm, { at, users }].filter((each) => at - each.at <= noticedWithin)
}

/** Members that are new here, and members that said goodbye. */
const comingsAndGoings = (entries: readonly Entry[], before: Sample, sample: Sample): readonly Entry[] => {
  const known = new Map(before.members.map((member) => [member.id, member.state]))
  const joined = sample.members.filter(
    ({ id, state }) => state === 'alive' && (known.get(id) === undefined || known.get(id) === 'left'),
  )
  const left = sample.members.filter(
    ({ id, state }) => state === 'left' && known.has(id) && known.get(id) !== 'left',
  )
  const namesOf = (members: Sample['members']): readonly string[] => members.map(({ name }) => name)
  return note(note(entries, 'joined', namesOf(joined), sample.at), 'left', namesOf(left), sample.at)
}

const note = (
  entries: readonly Entry[],
  kind: Note['kind'],
  names: readonly string[],
  at: number,
): readonly Entry[] => {
  if (names.length === 0) return entries
  const last = entries.find((entry): entry is Note => entry.kind === kind)
  const isNear = last !== undefined && at - last.until <= together
  const grown: Note = {
    kind,
    from: isNear ? last.from : at,
    until: at,
    names: [...(isNear ? last.names : []), ...names].slice(0, mostNames),
    count: (isNear ? last.count : 0) + names.length,
  }
  return [grown, ...(isNear ? entries.filter((entry) => entry !== last) : entries)]
}

/** Names that became contested while nothing else was going on: two sign-ups before a cut was noticed, or an import. */
const contests = (entries: readonly Entry[], before: Sample, sample: Sample): readonly Entry[] => {
  const names = sample.contested.filter((name) => !before.contested.includes(name)).slice(0, mostNames)
  return names.length === 0 ? entries : [{ kind: 'contested', from: sample.at, names }, ...entries]
}
