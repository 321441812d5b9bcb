import type { LinkEffect, LinkRule } from './links.ts'

/** The ways to do faults on links. */
export type DriverName = 'in-process' | 'namespaces'

/** What a fault on a link can be, as drivers tell their abilities. */
export type Ability = Exclude<LinkEffect['kind'], 'slow'> | 'cut one way' | 'limit the rate' | 'delay'

/** What each driver can do. */
export const abilities: Readonly<Record<DriverName, readonly Ability[]>> = {
  'in-process': ['cut', 'limit the rate', 'delay', 'corrupt', 'reorder'],
  namespaces: ['cut', 'cut one way', 'lose', 'limit the rate'],
}

/** A node that is to get an address. */
export interface NewNode {
  readonly name: string
  readonly index: number
  readonly port: number
}

/** Whether the preload in the node's process has told that it listens on the node's port; or something else does. */
export type PortSight = 'seen' | 'unseen'

/** A way to do faults on links. Which links they are on is decided elsewhere (`links.ts`). */
export interface FaultDriver {
  readonly name: DriverName
  /** Makes room for a node, before its first start. Resolves to the address that its program is to listen on. */
  settle(node: NewNode): Promise<string>
  /** Asked before each start: a program, with its arguments, that the node's command line is put after; or none. */
  launch(node: string): Promise<readonly string[]>
  /**
   * Told after each start, when the node is ready.
   *
   * @throws UnsupportedFaultError if a rule in force concerns the node, and cannot be put in force on such a process
   */
  started(node: string, port: PortSight): void
  /** Told when the node's process has ended. */
  ended(node: string): Promise<void>
  /** Forgets a node that could not be started. */
  withdraw(node: string): Promise<void>
  /** @throws UnsupportedFaultError if these rules are on a node that the driver cannot reach. Nothing is changed */
  check(rules: readonly LinkRule[]): void
  /**
   * Puts exactly these rules in force, and no others. Resolves when they are, on every node that runs, and will be from
   * the first instant on every node that starts.
   *
   * @throws FaultTimeoutError if a node did not confirm it in time.
   */
  apply(rules: readonly LinkRule[]): Promise<void>
  /** Gives back whatever it took from the machine. No node runs any more. */
  close(): Promise<void>
}

/** What a driver must be able to do for these rules. */
export const abilitiesFor = (rules: readonly LinkRule[]): Ability[] => [
  ...new Set(rules.flatMap((rule) => abilitiesOf(rule, rules))),
]

const abilitiesOf = ({ from, to, effect }: LinkRule, rules: readonly LinkRule[]): Ability[] => {
  if (effect.kind === 'slow') {
    return [
      ...(effect.delayMs === undefined ? [] : (['delay'] as const)),
      ...(effect.bitsPerSecond === undefined ? [] : (['limit the rate'] as const)),
    ]
  }
  if (effect.kind !== 'cut') return [effect.kind]
  const back = rules.some((rule) => rule.from === to && rule.to === from && rule.effect.kind === 'cut')
  return [back ? 'cut' : 'cut one way']
}
