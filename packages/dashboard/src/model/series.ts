import type { Answer, Picture } from '../picture.ts'

/** What is drawn of a member over the last readings, oldest first; a gap where nothing was known. */
export interface Series {
  readonly logins: readonly (number | undefined)[]
  readonly writes: readonly (number | undefined)[]
  readonly lag: readonly (number | undefined)[]
  readonly loopDelay: readonly (number | undefined)[]
}

/** The last readings of each member, bounded. */
export interface Recorder {
  observe(picture: Picture): void
  of(id: string): Series | undefined
}

/** Readings of a member, and members, that are kept. */
export const mostReadings: number = 60
const mostMembers = 256

type Reading = { readonly at: number; readonly answer: Answer | undefined }

export const createRecorder = (): Recorder => {
  const kept = new Map<string, readonly Reading[]>()
  return {
    observe: ({ at, members }) => {
      const present = new Set(members.map(({ id }) => id))
      for (const id of kept.keys()) if (!present.has(id)) kept.delete(id)
      for (const { id, report } of members.slice(0, mostMembers)) {
        const answer = report.kind === 'answered' ? report : undefined
        // One more than is drawn: a rate is between two.
        kept.set(id, [...(kept.get(id) ?? []), { at, answer }].slice(-mostReadings - 1))
      }
    },
    of: (id) => {
      const readings = kept.get(id)
      if (readings === undefined) return undefined
      const pairs = readings.slice(1).map((now, index) => [readings[index] ?? now, now] as const)
      return {
        logins: pairs.map(([before, now]) => rate(before, now, ({ logins }) => logins)),
        writes: pairs.map(([before, now]) => rate(before, now, ({ writes }) => writes)),
        lag: pairs.map(([, { answer }]) => answer?.lag),
        loopDelay: pairs.map(([, { answer }]) => answer?.loopDelay),
      }
    },
  }
}

/** A second; a counter that is lower than before began anew, and says nothing. */
const rate = (
  before: Reading,
  now: Reading,
  read: (answer: Answer) => number | undefined,
): number | undefined => {
  const [from, to] = [before.answer && read(before.answer), now.answer && read(now.answer)]
  if (from === undefined || to === undefined || to < from || now.at <= before.at) return undefined
  return ((to - from) * 1_000) / (now.at - before.at)
}
