import { systemClock, type Clock } from '../clock.ts'
import type { Faults } from '../faults.ts'
import type { FaultAction, ScheduledFault } from './schedule.ts'

/** A fault as it was really done. Times are of the clock, in milliseconds. */
export interface PlayedFault {
  readonly action: FaultAction
  /** When it was begun. */
  readonly from: number
  /** When it was in force. */
  readonly inForce: number
}

export interface PlayOptions {
  readonly clock?: Clock
  /** When it is aborted, no further fault is done; the cluster is healed all the same. */
  readonly signal?: AbortSignal
  /** Hears each fault once it is in force. */
  readonly onFault?: (fault: PlayedFault) => void
}

/** Does what is scheduled, when it is, and resolves when the last is in force. Whatever happens, it heals at the end. */
export async function playFaults(
  cluster: Faults,
  schedule: readonly ScheduledFault[],
  { clock = systemClock, signal, onFault = () => undefined }: PlayOptions = {},
): Promise<PlayedFault[]> {
  const began = clock.now()
  const played: PlayedFault[] = []
  try {
    for (const { atMs, action } of schedule) {
      await clock.sleep(Math.max(0, began + atMs - clock.now()), signal)
      const from = clock.now()
      await perform(cluster, action)
      const fault = { action, from, inForce: clock.now() }
      played.push(fault)
      onFault(fault)
    }
  } finally {
    await cluster.heal()
  }
  return played
}

async function perform(cluster: Faults, action: FaultAction): Promise<void> {
  switch (action.kind) {
    case 'partition':
      return await cluster.partition(action.groups)
    case 'bridge':
      return await cluster.bridge(action.groups)
    case 'ring':
      return await cluster.ring()
    case 'isolate':
      return await cluster.isolate(action.node)
    case 'pause':
      return await cluster.pause(action.node)
    case 'kill':
      return await cluster.kill(action.node)
    case 'cutOneWay':
      return await cluster.cutOneWay(action.from, action.to)
    case 'flap':
      return await cluster.flap({ downMs: action.downMs, upMs: action.upMs })
    case 'lose':
      return await cluster.lose({ share: action.share })
    case 'corrupt':
      return await cluster.corrupt({ share: action.share })
    case 'slow':
      return await cluster.slow({ bitsPerSecond: action.bitsPerSecond })
    case 'skewClock':
      return await cluster.skewClock(action.node, action.ms)
    case 'fillDisk':
      return await cluster.fillDisk(action.node)
    case 'failDisk':
      return await cluster.failDisk(action.node)
    case 'heal':
      return await cluster.heal()
  }
}
