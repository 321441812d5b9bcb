/** In which order an instance ends: goodbye first, so that nobody asks a member whose disk is closing. */
const phases = ['member', 'replica', 'disk'] as const

type Phase = (typeof phases)[number]

/** What must be closed, by phase; the last that was opened first. */
export interface Closer {
  add(phase: Phase, close: () => Promise<void>): void
  /** Closes everything once, also when something of it fails; then the first failure is thrown. */
  closeAll(): Promise<void>
}

export const closer = (): Closer => {
  const open: { readonly phase: Phase; readonly close: () => Promise<void> }[] = []
  return {
    add: (phase, close) => void open.unshift({ phase, close }),
    closeAll: async () => {
      const all = open.splice(0)
      const failures: unknown[] = []
      for (const phase of phases) {
        for (const each of all.filter((one) => one.phase === phase)) {
          await each.close().catch((error: unknown) => failures.push(error))
        }
      }
      if (failures.length > 0) throw failures[0]
    },
  }
}
