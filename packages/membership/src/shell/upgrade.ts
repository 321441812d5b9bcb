import { deadline, reasonOf, unlessAborted, type Clock, type Log } from '@grapevine/std'
import { upgradeStatus, type Hindrance, type UpgradeStatus } from '../core/upgrade/upgrade.ts'
import { NotFinalisedError } from '../errors.ts'
import type { FinalisedFile } from '../disk/finalised-file.ts'
import type { CoreRunner } from './core-runner.ts'

/** How far the cluster's upgrade is, and an operator's word that nobody will go back. */
export interface Upgrade {
  status(): UpgradeStatus
  /**
   * Finalises the upgrade at the highest version that every member speaks. Resolves with it when this node's disk has it; the others
   * take it over as they hear of it. There is no way back from it.
   *
   * @throws NotFinalisedError when a member does not speak it or is not there; nothing was changed
   */
  finalise(options?: { readonly signal?: AbortSignal }): Promise<number>
  /** The disk has a higher version than before. @returns how to stop listening */
  onFinalised(listener: (version: number) => void): () => void
}

export interface Upgrading extends Upgrade {
  /** Does what the core asks for. */
  keep(version: number): Promise<void>
}

/** Milliseconds that an operator waits for the disk. */
const patience = 10_000

export const upgrading = (protocol: CoreRunner, file: FinalisedFile, clock: Clock, log: Log): Upgrading => {
  const listeners = new Set<(version: number) => void>()
  const status = (): UpgradeStatus => upgradeStatus(protocol.state)
  const onFinalised: Upgrade['onFinalised'] = (listener) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }
  const reached = (version: number): Promise<void> =>
    new Promise((resolve) => {
      const stop = onFinalised((finalised) => {
        if (finalised < version) return
        stop()
        resolve()
      })
    })
  return {
    status,
    onFinalised,
    finalise: async ({ signal } = {}) => {
      const { next, finalised, highest, hindrances } = status()
      if (next === undefined) throw new NotFinalisedError(whyNot(finalised, highest, hindrances))
      const limit = deadline(clock, patience)
      const done = reached(next)
      protocol.handle({ type: 'finalise' })
      try {
        await unlessAborted(unlessAborted(done, signal), limit.signal)
      } finally {
        limit.end()
      }
      return next
    },
    keep: async (version) => {
      try {
        await file.save(version)
      } catch (error) {
        log.error(
          { version, reason: reasonOf(error) },
          'the upgrade is not finalised here: the disk did not take it',
        )
        return protocol.handle({ type: 'notKept', version })
      }
      protocol.handle({ type: 'kept', version })
      for (const listener of listeners) listener(protocol.state.upgrade.finalised)
    },
  }
}

const mostNames = 5

const whyNot = (finalised: number, highest: number, hindrances: readonly Hindrance[]): string => {
  if (hindrances.length === 0)
    return `The upgrade is finalised at ${finalised} already; this release has no newer version.`
  const named = (reason: Hindrance['reason']): readonly string[] =>
    hindrances.filter((one) => one.reason === reason).map(({ name }) => name)
  const [older, absent] = [named('older'), named('absent')]
  const sentences = [
    ...(older.length > 0
      ? [`${listed(older)} still run${older.length === 1 ? 's' : ''} an older release than ${highest}.`]
      : []),
    ...(absent.length > 0
      ? [
          `${listed(absent)} cannot be asked: start ${absent.length === 1 ? 'it' : 'them'}, or forget what is gone for good.`,
        ]
      : []),
  ]
  return `Not finalised: ${sentences.join(' ')}`
}

const listed = (names: readonly string[]): string =>
  names.length > mostNames
    ? `${names.slice(0, mostNames).join(', ')} and ${names.length - mostNames} more`
    : names.join(', ')
