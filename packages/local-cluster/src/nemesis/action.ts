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
export function describeAction(action: FaultAction): string {
  const { kind, ...rest } = action
  const words = Object.values(rest).map((value: unknown) =>
    Array.isArray(value) ? value.map((group: unknown) => `[${String(group)}]`).join(' ') : String(value),
  )
  return [kind, ...words].join(' ')
}
