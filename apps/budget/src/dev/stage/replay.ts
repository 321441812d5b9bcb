import type { Picture, Source } from '@grapevine/dashboard'

/** What was seen, to be looked at again. */
export interface Replay extends Source {
  record(picture: Picture): void
  /** From the last cut on, or from as far back as is remembered. */
  start(): void
  hasSomething(): boolean
}

/** Pictures that are kept, of moments in which something had changed. */
const mostKept = 1_200
/** What is shown before the cut, in ms. */
const lead = 3_000
/** A pause in which nothing changed is shown for no longer than this, in ms. */
const longestPause = 4_000

export const createReplay = (now: () => number): Replay => {
  let kept: readonly Picture[] = []
  let signature = ''
  let shown: readonly (readonly [ms: number, picture: Picture])[] = []
  let startedAt = 0
  return {
    record: (picture) => {
      const next = JSON.stringify([picture.members.map(essential), picture.links, picture.contested])
      if (next === signature) return
      signature = next
      kept = [...kept, picture].slice(-mostKept)
    },
    hasSomething: () => kept.length > 1,
    start: () => {
      startedAt = now()
      shown = withoutPauses(sinceLastCut(kept))
    },
    read: async () => {
      const elapsed = now() - startedAt
      const current = shown.findLast(([ms]) => ms <= elapsed) ?? shown[0]
      if (current === undefined) throw new Error('nothing was recorded yet')
      return current[1]
    },
  }
}

/** Counters move all the time. */
const essential = ({ name, state, report }: Picture['members'][number]): unknown =>
  report.kind === 'answered' ? [name, state, report.digest, report.view, report.users] : [name, state]

const sinceLastCut = (kept: readonly Picture[]): readonly Picture[] => {
  const cutAt = kept.at(-1)?.history?.find((entry) => entry.kind === 'disturbance')?.from
  return cutAt === undefined ? kept : kept.filter(({ at }) => at >= cutAt - lead)
}

const withoutPauses = (pictures: readonly Picture[]): readonly (readonly [number, Picture])[] => {
  let ms = 0
  return pictures.map((picture, index) => {
    ms += Math.min(longestPause, picture.at - (pictures[index - 1]?.at ?? picture.at))
    return [ms, picture] as const
  })
}
