import type { Io } from '../io.ts'

/** A line that is drawn over and over while something takes long; silent where nobody watches. */
export interface Progress {
  show(done: number): void
  end(): void
}

/** Between two drawings, in ms. */
const pace = 100

export const progress = (
  { say, columns }: Pick<Io, 'say' | 'columns'>,
  label: string,
  total: number | undefined,
  now: () => number = Date.now,
): Progress => {
  let drawnAt = Number.NEGATIVE_INFINITY
  let drawn = false
  return {
    show: (done) => {
      if (columns === undefined || now() - drawnAt < pace) return
      drawnAt = now()
      drawn = true
      say(`\r${barOf(label, done, total, columns)}`)
    },
    end: () => {
      if (drawn && columns !== undefined) say(`\r${' '.repeat(columns - 1)}\r`)
    },
  }
}

export const barOf = (label: string, done: number, total: number | undefined, columns: number): string => {
  if (total === undefined || total === 0) return `${label} ${done}`.slice(0, columns - 1)
  const share = Math.min(1, done / total)
  const words = `${label} ${Math.floor(share * 100)} % (${done} of ${total}) `
  const width = Math.max(0, Math.min(40, columns - words.length - 3))
  const full = Math.round(share * width)
  return `${words}${width > 4 ? `${'█'.repeat(full)}${'░'.repeat(width - full)}` : ''}`.slice(0, columns - 1)
}
