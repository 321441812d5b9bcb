/** One thing that a nemesis does, in the words of `Cluster`; `delay` is its `slow` with a delay, `flapNode` its `flap` on one node. */
export type FaultAction =
  | { readonly kind: 'partition' | 'bridge'; readonly groups: readonly (readonly string[])[] }
  | { readonly kind: 'ring' }
  | { readonly kind: 'isolate' | 'pause' | 'kill' | 'fillDisk' | 'failDisk'; readonly node: string }
  | { readonly kind: 'cut'; readonly a: string; readonly b: string }
  | { readonly kind: 'cutOneWay'; readonly from: string; readonly to: string }
  | { readonly kind: 'flap'; readonly downMs: number; readonly upMs: number }
  | { readonly kind: 'flapNode'; readonly node: string; readonly downMs: number; readonly upMs: number }
  | { readonly kind: 'lose' | 'corrupt'; readonly share: number }
  | { readonly kind: 'slow'; readonly bitsPerSecond: number }
  | { readonly kind: 'delay'; readonly delayMs: number }
  | { readonly kind: 'skewClock'; readonly node: string; readonly ms: number }
  | { readonly kind: 'heal' }

export type FaultKind = Exclude<FaultAction['kind'], 'heal'>

/** In one line each, for a log. */
export const describeAction = (action: FaultAction): string => {
  const words = describe(action)
  return words === '' ? action.kind : `${action.kind} ${words}`
}

const describe = (action: FaultAction): string => {
  switch (action.kind) {
    case 'partition':
    case 'bridge':
      return action.groups.map((group) => `[${group.join()}]`).join(' ')
    case 'isolate':
    case 'pause':
    case 'kill':
    case 'fillDisk':
    case 'failDisk':
      return action.node
    case 'cut':
      return `${action.a} ${action.b}`
    case 'cutOneWay':
      return `${action.from} to ${action.to}`
    case 'flap':
      return `${action.downMs} ms down, ${action.upMs} ms up`
    case 'flapNode':
      return `${action.node} ${action.downMs} ms down, ${action.upMs} ms up`
    case 'lose':
    case 'corrupt':
      return `${Math.round(action.share * 100)} %`
    case 'slow':
      return `${action.bitsPerSecond / 1_000} kbit/s`
    case 'delay':
      return `${action.delayMs} ms`
    case 'skewClock':
      return `${action.node} by ${action.ms} ms`
    case 'ring':
    case 'heal':
      return ''
  }
}
