import { endSoon, letGoOfPrimary, neverEnding, watchSignals, type Ending } from './own-process/ending.ts'
import { fail } from './own-process/fail.ts'
import type { GrapevineOptions } from './config.ts'
import type { Grapevine } from './grapevine.ts'

/**
 * Starts one instance of an app: it finds the other members, takes its users from its disk and from them, and has the
 * pages for signing up, logging in and out, the account, the cluster, health and metrics. Settings are read from the
 * environment.
 *
 * @throws SettingError, InvalidOptionError, ForeignDataError, StorageLockedError, with `ownsProcess: false`; else such
 * an error ends the process with one line
 */
export const createGrapevine = async <Name extends string = never, Facts extends string = never>(
  options: GrapevineOptions<Name, Facts> = {},
): Promise<Grapevine<Name, Facts>> => {
  const ownsProcess = options.ownsProcess ?? true
  const ending = ownsProcess ? watchSignals() : neverEnding()
  const otherwise = ownsProcess ? fail : rethrow
  try {
    // Loaded only now: all that takes long comes after the process listens to signals.
    const { startGrapevine } = await import('./start-grapevine.ts')
    const grapevine = await startGrapevine(options)
    whenTold(ending, grapevine)
    return { ...grapevine, listen: () => grapevine.listen().catch(otherwise) }
  } catch (error) {
    return otherwise(error)
  }
}

const rethrow = (error: unknown): never => {
  throw error
}

/** Stops when the process is told to end, also if it was told so while it started. */
const whenTold = ({ signal }: Ending, { log, stop }: Pick<Grapevine, 'log' | 'stop'>): void => {
  const end = async (): Promise<void> => {
    log.info({ signal: signal.reason }, 'stopping')
    await stop()
    log.info({}, 'stopped')
    letGoOfPrimary()
    endSoon()
  }
  const told = (): void => void end().catch(fail)
  if (signal.aborted) told()
  else signal.addEventListener('abort', told, { once: true })
}
