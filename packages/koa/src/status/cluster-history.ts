import {
  createHistory,
  type Change,
  type Entry,
  type MemberPicture,
  type Picture,
} from '@grapevine/dashboard'
import { every, reasonOf, type Clock } from '@grapevine/std'
import type { Membership } from '@grapevine/membership'
import type { Logger } from 'pino'
import type { MemberReport } from './report.ts'
import type { Reports } from './reports.ts'

export interface ClusterHistory {
  entries(): readonly Entry[]
  close(): void
}

export interface HistoryParts {
  readonly membership: Pick<Membership, 'self' | 'members' | 'on'>
  readonly reports: Pick<Reports, 'read'>
  readonly own: () => MemberReport
  readonly contestedNames: () => readonly string[]
  readonly clock: Clock
  readonly now: () => number
  readonly log: Pick<Logger, 'warn'>
  readonly onChange: (change: Change) => void
}

/** Between two looks, in ms. What members say of each other is looked at when it happens, too. */
const interval = 1_000
/** The history compares names to tell which are new; of more than these it is a flood. */
const mostContested = 1_000

/**
 * Follows what happens to the cluster, whether somebody watches or not. Others are asked only until all hold the same again after
 * a disturbance: a calm cluster costs no message.
 */
export const followCluster = (parts: HistoryParts): ClusterHistory => {
  const { membership, reports, clock, log, onChange } = parts
  const history = createHistory()
  let isLooking = false
  const observe = (answers: ReadonlyMap<string, MemberReport>): void => {
    for (const change of history.observe(pictureFrom(parts, answers))) onChange(change)
  }
  const ownAnswer = (): ReadonlyMap<string, MemberReport> => new Map([[membership.self.id, parts.own()]])
  const look = async (): Promise<void> => {
    if (isLooking) return
    isLooking = true
    try {
      observe(history.isUnsettled() ? await reports.read() : ownAnswer())
    } catch (error) {
      log.warn({ reason: reasonOf(error) }, 'what happens to the cluster could not be noted')
    } finally {
      isLooking = false
    }
  }
  observe(ownAnswer())
  const stopLooking = every(clock, interval, () => void look())
  const stopListening = (['member:up', 'member:down', 'member:left'] as const).map((type) =>
    membership.on(type, () => void look()),
  )
  return {
    entries: history.entries,
    close: () => {
      stopLooking()
      for (const stop of stopListening) stop()
    },
  }
}

/** What the history needs of a picture. */
const pictureFrom = (
  { membership, contestedNames, now }: HistoryParts,
  answers: ReadonlyMap<string, MemberReport>,
): Picture => ({
  at: now(),
  observer: { kind: 'member', id: membership.self.id },
  members: membership.members().map(({ id, name, state }): MemberPicture => {
    const answer = answers.get(id)
    if (answer === undefined) return { id, name, state, report: { kind: 'silent' } }
    const { content: digest, view, users } = answer
    return { id, name, state, report: { kind: 'answered', digest, view, users } }
  }),
  links: [...answers].flatMap(([id, { links }]) => links.map((other): [string, string] => [id, other])),
  contested: contestedNames()
    .slice(0, mostContested)
    .map((name) => ({ name, accounts: [] })),
  traffic: [],
  events: [],
})
