/**
 * What a nemesis does faults to: the words of a `Cluster` of `@grapevine/local-cluster`, or a simulated one's. Each resolves when
 * it is in force; what a target cannot do it refuses, or the schedule does not name it.
 */
export interface FaultTarget {
  partition(groups: readonly (readonly string[])[]): Promise<void>
  bridge(groups: readonly (readonly string[])[]): Promise<void>
  ring(): Promise<void>
  isolate(node: string): Promise<void>
  cut(a: string, b: string): Promise<void>
  cutOneWay(from: string, to: string): Promise<void>
  /** Links are cut and whole by turns, in milliseconds; those of one node, or all. */
  flap(options: { readonly downMs: number; readonly upMs: number; readonly on?: string }): Promise<void>
  slow(options: { readonly bitsPerSecond?: number; readonly delayMs?: number }): Promise<void>
  lose(options: { readonly share: number }): Promise<void>
  corrupt(options: { readonly share: number }): Promise<void>
  pause(node: string): Promise<void>
  kill(node: string): Promise<void>
  /** By so many milliseconds ahead of the right time. */
  skewClock(node: string, ms: number): Promise<void>
  fillDisk(node: string): Promise<void>
  failDisk(node: string): Promise<void>
  /** Undoes all of the above. */
  heal(): Promise<void>
}
