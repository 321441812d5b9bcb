import type { FaultTarget } from './fault-target.ts'
import type { FaultAction } from './action.ts'

/** Does it to a cluster, and resolves when it is in force. */
export const perform = async (cluster: FaultTarget, action: FaultAction): Promise<void> => {
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
    case 'cut':
      return await cluster.cut(action.a, action.b)
    case 'cutOneWay':
      return await cluster.cutOneWay(action.from, action.to)
    case 'flap':
      return await cluster.flap({ downMs: action.downMs, upMs: action.upMs })
    case 'flapNode':
      return await cluster.flap({ downMs: action.downMs, upMs: action.upMs, on: action.node })
    case 'lose':
      return await cluster.lose({ share: action.share })
    case 'corrupt':
      return await cluster.corrupt({ share: action.share })
    case 'slow':
      return await cluster.slow({ bitsPerSecond: action.bitsPerSecond })
    case 'delay':
      return await cluster.slow({ delayMs: action.delayMs })
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
