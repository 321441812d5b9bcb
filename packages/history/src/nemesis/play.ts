import { sleep, systemClock, type Clock } from '@grapevine/std'
import type { FaultTarget } from './fault-target.ts'
import type { FaultAction } from './action.ts'
import { NemesisError, type NemesisFailure } from './nemesis-error.ts'
import { perform } from './perform.ts'
import type { PlayedFault } from './played-fault.ts'
import type { ScheduledFault } from './schedule.ts'

export interface PlayOptions {
  readonly clock?: Clock
  /** When it is aborted, no further fault is done; the cluster is healed all the same. */
  readonly signal?: AbortSignal
  /** Hears each fault once it is in force. If it throws, that counts as the fault's failure. */
  readonly onFault?: (fault: PlayedFault) => void
}

/**
 * Does what is scheduled, and resolves to what it has done when the last is in force, or when it was aborted.
 *
 * What is between two times of the schedule is kept, from when the one is in force to when the other is begun: a fault is
 * held, and the calm after a heal lasts, as long as it was to. So all takes longer than the schedule, by as long as faults
 * and heals take to be in force.
 *
 * Whatever happens, it heals at the end; that is in what was played too, unless the schedule had ended with it.
 *
 * @throws NemesisError if a fault, or the heal at the end, could not be done; it has what was played until then.
 */
export const playFaults = async (
  cluster: FaultTarget,
  schedule: readonly ScheduledFault[],
  { clock = systemClock, signal, onFault = () => undefined }: PlayOptions = {},
): Promise<PlayedFault[]> => {
  let last = 0
  const played: PlayedFault[] = []
  const failures: NemesisFailure[] = []
  const play = async (action: FaultAction): Promise<PlayedFault> => {
    const from = clock.now()
    await perform(cluster, action)
    const fault = { action, from, inForce: clock.now() }
    const before = played.at(-1)?.action.kind ?? 'heal'
    if (action.kind !== 'heal' || before !== 'heal') played.push(fault)
    return fault
  }
  const attempt = async (action: FaultAction, act: () => Promise<unknown>): Promise<void> => {
    await act().catch((cause: unknown) => failures.push({ action, cause }))
  }

  for (const { atMs, action } of schedule) {
    if (failures.length > 0 || signal?.aborted === true) break
    await attempt(action, async () => {
      if ((await waited(atMs - last, clock, signal)) === 'over') onFault(await play(action))
    })
    last = atMs
  }
  const heal = { kind: 'heal' } as const
  await attempt(heal, async () => await play(heal))
  if (failures.length > 0) throw new NemesisError(failures, played)
  return played
}

const waited = async (ms: number, clock: Clock, signal?: AbortSignal): Promise<'over' | 'aborted'> => {
  try {
    await sleep(clock, Math.max(0, ms), signal)
  } catch (error) {
    if (signal?.aborted !== true) throw error
  }
  return signal?.aborted === true ? 'aborted' : 'over'
}
