import type { Reaper } from '../reaper/reaper.ts'

/** Remembers what it watches, and ends nothing. */
export const fakeReaper = (): { reaper: Reaper; watched: Set<string> } => {
  const watched = new Set<string>()
  const reaper: Reaper = {
    watch: (pid) => void watched.add(`group ${pid}`),
    forget: (pid) => void watched.delete(`group ${pid}`),
    watchNamespace: (name) => void watched.add(`namespace ${name}`),
    forgetNamespace: (name) => void watched.delete(`namespace ${name}`),
    watchMount: (path) => void watched.add(`mount ${path}`),
    forgetMount: (path) => void watched.delete(`mount ${path}`),
    close: async () => undefined,
  }
  return { reaper, watched }
}
