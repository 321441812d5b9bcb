import type { VirtualClock } from '../clock/virtual-clock.ts'

type Pair = readonly [string, string]

interface Cuttable {
  cut(a: string, b: string): void
  mend(a: string, b: string): void
}

/** Links that are cut and whole by turns, until all of it ends. */
export interface Flapping {
  /** @param times - milliseconds */
  start(pairs: readonly Pair[], times: { readonly downMs: number; readonly upMs: number }): void
  /** What is cut stays so until all is healed. */
  end(): void
}

export const createFlapping = (network: Cuttable, clock: VirtualClock): Flapping => {
  const ends = new Set<() => void>()
  return {
    start: (pairs, { downMs, upMs }) => {
      let isDown = false
      let cancel: () => void
      const turn = (): void => {
        isDown = !isDown
        for (const [a, b] of pairs)
          if (isDown) network.cut(a, b)
          else network.mend(a, b)
        cancel = clock.after(isDown ? downMs : upMs, turn)
      }
      turn()
      ends.add(() => cancel())
    },
    end: () => {
      for (const end of ends) end()
      ends.clear()
    },
  }
}
