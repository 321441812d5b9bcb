import { serialQueue } from '@grapevine/std'
import type { FaultDriver } from '../../faults/fault-driver.ts'
import type { LinkRule } from '../../faults/links.ts'
import type { Reaper } from '../../reaper/reaper.ts'
import { firewallOf, ratesOf } from './firewall.ts'
import { openNetwork, type Network } from './network.ts'

/**
 * Gives each node a network namespace on one bridge, and drops packets there. It works for any program, in any language,
 * and neither end is told: that is how networks break. It needs root, iproute2 and iptables.
 */
export const namespaceDriver = async (reaper: Reaper): Promise<FaultDriver> => {
  const network = await openNetwork(reaper)
  const indexes = new Map<string, number>()
  const inForce = new Map<string, string>()
  let rules: readonly LinkRule[] = []

  const indexOf = (node: string): number => indexes.get(node) ?? -1
  const addressOf = (node: string): string => network.plan.addressOf(indexOf(node))
  const enforceAll = async (): Promise<void> => {
    await Promise.all([...indexes.keys()].map(async (node) => await enforce(node)))
  }
  const enforce = async (node: string): Promise<void> => {
    // Rules for nodes that are not there yet are put in force when they are.
    const known = rules.filter(({ from, to }) => indexes.has(from) && indexes.has(to))
    const table = firewallOf(node, known, addressOf)
    const rates = new Map([...ratesOf(node, known)].map(([to, rate]) => [addressOf(to), rate]))
    const wanted = `${table}${JSON.stringify([...rates])}`
    if (inForce.get(node) === wanted) return
    inForce.delete(node)
    await put(network, indexOf(node), table, rates)
    inForce.set(node, wanted)
  }
  /** Two tables for the same namespace must not be under way at once: the older could win. */
  const inTurn = serialQueue()

  return {
    name: 'namespaces',
    settle: async ({ name, index }) =>
      await inTurn(async () => {
        // Before: what was plugged in part is to be withdrawn too.
        indexes.set(name, index)
        await network.plug(index)
        await enforceAll()
        return network.plan.addressOf(index)
      }),
    // After what the last process left behind is gone.
    launch: async (node) =>
      await inTurn(async () => ['ip', 'netns', 'exec', network.plan.namespaceOf(indexOf(node))]),
    started: () => undefined,
    ended: async (node) => await inTurn(async () => await network.empty(indexOf(node))),
    withdraw: async (node) =>
      await inTurn(async () => {
        await network.unplug(indexOf(node))
        indexes.delete(node)
        inForce.delete(node)
        await enforceAll()
      }),
    check: () => undefined,
    apply: async (next) =>
      await inTurn(async () => {
        rules = next
        await enforceAll()
      }),
    close: async () => await inTurn(network.close),
  }
}

const put = async (
  network: Network,
  index: number,
  table: string,
  rates: ReadonlyMap<string, number>,
): Promise<void> => {
  await network.filter(index, table)
  await network.limit(index, rates)
}
