import { setMaxListeners } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ClusterStoppedError } from '../errors.ts'
import { startReaper, type Reaper } from './reaper.ts'

/** What a cluster stands on, and what is cleared away with it. */
export interface Workspace {
  /** A temporary folder; each node has one in it. */
  readonly folder: string
  readonly reaper: Reaper
  /** Aborted when the cluster ends, by its own doing or by the caller's signal. */
  readonly ending: AbortSignal
  /** Kills what still runs and removes the folder. @throws ReaperError if that did not succeed. */
  clear(): Promise<void>
}

export const openWorkspace = async (signal?: AbortSignal): Promise<Workspace> => {
  signal?.throwIfAborted()
  const controller = new AbortController()
  // Each node listens; there may well be more than ten.
  setMaxListeners(0, controller.signal)
  const end = (): void => controller.abort(new ClusterStoppedError())
  const folder = await mkdtemp(join(tmpdir(), 'local-cluster-'))
  const reaper = await startReaper(folder)
  signal?.addEventListener('abort', end, { once: true })
  // It may have been aborted meanwhile, and then it does not tell again.
  if (signal?.aborted === true) end()

  return {
    folder,
    reaper,
    ending: controller.signal,
    clear: async () => {
      signal?.removeEventListener('abort', end)
      end()
      await reaper.close()
    },
  }
}
