/** What somebody does in a browser. */
export type ActKind =
  | 'signUp'
  | 'logIn'
  | 'logOut'
  | 'changePassword'
  | 'rename'
  | 'erase'
  | 'endSessions'
  | 'addEntry'
  | 'addNote'
  | 'visit'

export interface Act {
  readonly kind: 'act'
  readonly at: number
  readonly person: number
  readonly node: string
  readonly act: ActKind
}

/** Something that is wrong for a while. */
export type Fault =
  | { readonly kind: 'partition'; readonly groups: readonly (readonly string[])[] }
  | { readonly kind: 'cut' | 'cutOneWay'; readonly from: string; readonly to: string }
  | { readonly kind: 'slow'; readonly from: string; readonly to: string; readonly delayMs: number }
  | { readonly kind: 'lose'; readonly from: string; readonly to: string; readonly share: number }
  /** SIGSTOP; SIGKILL, every second time with a loss of power; or a graceful end. */
  | { readonly kind: 'pause' | 'kill' | 'restart'; readonly node: string }
  /** All machines lose power at once. */
  | { readonly kind: 'blackout'; readonly nodes: readonly string[] }
  /** The clock is so far ahead, or drifts, and jumps back at the end. */
  | { readonly kind: 'skewClock'; readonly node: string; readonly ms: number }
  | { readonly kind: 'drift'; readonly node: string; readonly partsPerMillion: number }
  | { readonly kind: 'fillDisk' | 'failDisk'; readonly node: string }
  /** A bit of its disk turns over, and it starts anew from it. */
  | { readonly kind: 'rot'; readonly node: string }
  /** It starts anew with an empty disk. */
  | { readonly kind: 'replaceDisk'; readonly node: string }
  /** It runs from a copy of another's disk until an operator gives it an empty one. */
  | { readonly kind: 'cloneDisk'; readonly from: string; readonly node: string }
  /** What it sends is damaged, withheld, repeated or made up; then an operator replaces it. */
  | { readonly kind: 'lie'; readonly node: string }
  /** It sends messages and facts of a later version beside its own. */
  | { readonly kind: 'unknownKinds'; readonly node: string }

export interface FaultEvent {
  readonly kind: 'fault'
  readonly at: number
  readonly until: number
  readonly fault: Fault
}

export type StoryEvent = Act | FaultEvent

export const nodesOf = (fault: Fault): readonly string[] => {
  if ('groups' in fault) return fault.groups[0] ?? []
  if ('nodes' in fault) return fault.nodes
  if ('to' in fault) return [fault.from, fault.to]
  return [fault.node]
}

/** One line for people. */
export const describeFault = (fault: Fault): string => {
  const { kind, ...rest } = fault
  return `${kind} ${Object.values(rest)
    .map((value) =>
      Array.isArray(value) ? value.map((group) => [group].flat().join('+')).join(' | ') : String(value),
    )
    .join(' ')}`
}
