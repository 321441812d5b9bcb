import { randomInt } from 'node:crypto'
import type { Reaper } from '../../reaper/reaper.ts'
import { systemCommand } from '../../process/system-command.ts'
import { drawPlan, type AddressPlan } from './address-plan.ts'
import { killAllIn } from './kill-all-in.ts'

/** One bridge in a namespace of its own, and a namespace on it for each node. */
export interface Network {
  readonly plan: AddressPlan
  plug(index: number): Promise<void>
  /** Undoes `plug`, also one that failed half way. */
  unplug(index: number): Promise<void>
  /** Ends every process in a node's namespace, also those that have left its process group. */
  empty(index: number): Promise<void>
  /** Replaces a node's packet filter. */
  filter(index: number, table: string): Promise<void>
  /** Replaces the rates at which a node may send, by address. */
  limit(index: number, rates: ReadonlyMap<string, number>): Promise<void>
  close(): Promise<void>
}

/** Inside a node's namespace. */
const port = 'eth0'

/**
 * The bridge has a namespace of its own so that no packet filter of the machine stands between the nodes, and so that
 * with the namespaces everything is gone: cables and bridge go with the namespace that one end is in.
 */
export const openNetwork = async (reaper: Reaper): Promise<Network> => {
  const plan = drawPlan(randomInt, await addressesInUse())
  const made = new Set<string>()
  const limited = new Set<number>()

  const make = async (namespace: string): Promise<void> => {
    // Told before: if this process dies in between, there is nothing yet to remove, and that does no harm.
    reaper.watchNamespace(namespace)
    await ip('netns', 'add', namespace)
    made.add(namespace)
    await inside(namespace, 'sysctl', '-q', '-w', 'net.ipv6.conf.all.disable_ipv6=1')
    await inside(namespace, 'ip', 'link', 'set', 'lo', 'up')
  }
  /** A cable from the bridge to the namespace, or to this process's own. */
  const cable = async (plug: string, ...end: string[]): Promise<void> => {
    await inside(plan.bridge, 'ip', 'link', 'add', 'name', plug, 'type', 'veth', 'peer', 'name', ...end)
    await inside(plan.bridge, 'ip', 'link', 'set', plug, 'master', 'bridge0', 'up')
  }

  const remove = async (namespace: string): Promise<void> => {
    if (!made.has(namespace)) return
    // A cable goes with the namespace of one of its ends; with a process in it, the namespace would stay without a name.
    await killAllIn(namespace)
    await ip('netns', 'delete', namespace)
    made.delete(namespace)
    reaper.forgetNamespace(namespace)
  }

  await make(plan.bridge)
  // With snooping, multicast would only reach who has been asked for its groups by a router, and there is none.
  await inside(plan.bridge, 'ip', 'link', 'add', 'name', 'bridge0', 'type', 'bridge', 'mcast_snooping', '0')
  await inside(plan.bridge, 'ip', 'link', 'set', 'bridge0', 'up')
  await cable('uplink', plan.uplink, 'netns', String(process.pid))
  await ip('address', 'add', plan.gateway, 'dev', plan.uplink)
  await ip('link', 'set', plan.uplink, 'up')

  return {
    plan,
    plug: async (index) => {
      const namespace = plan.namespaceOf(index)
      await make(namespace)
      await cable(`node${index}`, port, 'netns', namespace)
      await inside(namespace, 'ip', 'address', 'add', `${plan.addressOf(index)}/24`, 'dev', port)
      await inside(namespace, 'ip', 'link', 'set', port, 'up')
      await inside(namespace, 'ip', 'route', 'add', '224.0.0.0/4', 'dev', port)
    },
    unplug: async (index) => {
      limited.delete(index)
      await remove(plan.namespaceOf(index))
    },
    empty: async (index) => {
      if (made.has(plan.namespaceOf(index))) await killAllIn(plan.namespaceOf(index))
    },
    filter: async (index, table) => {
      await systemCommand('ip', ['netns', 'exec', plan.namespaceOf(index), 'iptables-restore'], table)
    },
    limit: async (index, rates) => {
      const namespace = plan.namespaceOf(index)
      if (limited.has(index)) {
        await inside(namespace, 'tc', 'qdisc', 'del', 'dev', port, 'root')
        limited.delete(index)
        await mark(namespace, [])
      }
      if (rates.size === 0) return
      await inside(namespace, 'tc', 'qdisc', 'add', 'dev', port, 'root', 'handle', '1:', 'htb')
      limited.add(index)
      await shape(namespace, rates)
    },
    close: async () => {
      for (const namespace of [...made].toReversed()) await remove(namespace)
    },
  }
}

/** One class for each limited destination. What no class is for, this process's requests too, is not limited. */
const shape = async (namespace: string, rates: ReadonlyMap<string, number>): Promise<void> => {
  const marks: string[] = []
  let minor = 1
  for (const [address, bitsPerSecond] of rates) {
    const id = `1:${(++minor).toString(16)}`
    const rate = `${bitsPerSecond}bit`
    await inside(
      namespace,
      'tc',
      'class',
      'add',
      'dev',
      port,
      'parent',
      '1:',
      'classid',
      id,
      'htb',
      'rate',
      rate,
    )
    marks.push(`-A POSTROUTING -d ${address} -j CLASSIFY --set-class ${id}`)
  }
  await mark(namespace, marks)
}

/** Replaces the rules by which packets come into the classes of their rates. */
const mark = async (namespace: string, marks: readonly string[]): Promise<void> => {
  const table = ['*mangle', ':POSTROUTING ACCEPT', ...marks, 'COMMIT', ''].join('\n')
  await systemCommand('ip', ['netns', 'exec', namespace, 'iptables-restore'], table)
}

const ip = async (...args: string[]): Promise<string> => await systemCommand('ip', args)

const inside = async (namespace: string, ...command: string[]): Promise<string> =>
  await systemCommand('ip', ['netns', 'exec', namespace, ...command])

const addressesInUse = async (): Promise<string[]> => {
  const text = `${await ip('-4', '-o', 'address', 'show')}\n${await ip('-4', 'route', 'show', 'table', 'all')}`
  return [...text.matchAll(/\b(\d+\.\d+\.\d+\.\d+(?:\/\d+)?)\b/g)].flatMap(([, address]) => address ?? [])
}
