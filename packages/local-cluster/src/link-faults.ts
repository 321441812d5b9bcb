import type { FaultDriver } from './fault-driver.ts'
import { checkGroups, forbiddenLinks, type LinkFault } from './links.ts'
import type { NodeRef, Roster } from './roster.ts'

/** The faults on links that are in force. Each promise resolves when its fault is in force on every node that runs. */
export interface LinkFaults {
  /** Takes the place of all faults before it. */
  partition(groups: readonly (readonly NodeRef[])[]): Promise<void>
  isolate(node: NodeRef): Promise<void>
  cut(a: NodeRef, b: NodeRef): Promise<void>
  /** Brings the faults to nodes that have joined the roster since. */
  extend(): Promise<void>
  clear(): Promise<void>
}

export function createLinkFaults(roster: Roster, driver: FaultDriver): LinkFaults {
  let faults: readonly LinkFault[] = []
  const nameOf = (ref: NodeRef): string => roster.find(ref).name

  const extend = async (): Promise<void> => await driver.apply(forbiddenLinks(faults, roster.names))
  const become = async (next: readonly LinkFault[]): Promise<void> => {
    faults = next
    await extend()
  }

  return {
    partition: async (groups) => {
      const named = groups.map((group) => group.map((ref) => nameOf(ref)))
      checkGroups(named)
      await become([{ kind: 'partition', groups: named }])
    },
    isolate: async (node) => await become([...faults, { kind: 'isolate', node: nameOf(node) }]),
    cut: async (a, b) => await become([...faults, { kind: 'cut', a: nameOf(a), b: nameOf(b) }]),
    extend,
    clear: async () => await become([]),
  }
}
