import { randomInt } from 'node:crypto'
import { reasonOf } from '@grapevine/std'
import type { Reaper } from '../../reaper/reaper.ts'
import { openWorkspace } from '../../reaper/workspace.ts'
import { systemCommand } from '../../process/system-command.ts'

export type NamespacesProbe =
  | { readonly kind: 'possible' }
  | { readonly kind: 'impossible'; readonly why: string }

/** All that the network of a cluster is made with, in the order in which it is; each needs its own part of the kernel. */
const commands: readonly string[] = [
  'sysctl -q -w net.ipv6.conf.all.disable_ipv6=1',
  'ip link set lo up',
  'ip link add name bridge0 type bridge mcast_snooping 0',
  'ip link add name near type veth peer name far',
  'ip link set near master bridge0 up',
  'tc qdisc add dev far root handle 1: htb',
  'tc class add dev far parent 1: classid 1:2 htb rate 8000bit',
]

/** What is lost, cut and limited is chosen by these. */
const tables: readonly string[] = [
  '*filter\n:INPUT ACCEPT\n-A INPUT -s 10.0.0.1 -m statistic --mode random --probability 0.5 -j DROP\nCOMMIT\n',
  '*mangle\n:POSTROUTING ACCEPT\n-A POSTROUTING -d 10.0.0.1 -j CLASSIFY --set-class 1:2\nCOMMIT\n',
]

/**
 * Finds out, by doing it, whether this process may make network namespaces and all that a cluster needs in them: a
 * bridge, cables, a packet filter, lost packets and limited rates. Nothing is left of it, however this process ends.
 *
 * @throws ReaperError if what was made could not be removed; NotBuiltError if the package was not built.
 */
export const probeNamespaces = async (
  run: typeof systemCommand = systemCommand,
): Promise<NamespacesProbe> => {
  const workspace = await openWorkspace()
  try {
    return await probeUnder(workspace.reaper, run)
  } finally {
    await workspace.clear()
  }
}

/** The same for who has a reaper, which removes what is left of it. */
export const probeUnder = async (
  reaper: Reaper,
  run: typeof systemCommand = systemCommand,
): Promise<NamespacesProbe> => {
  if (process.platform !== 'linux')
    return { kind: 'impossible', why: `they are Linux's, this is ${process.platform}` }
  if (process.geteuid?.() !== 0) return { kind: 'impossible', why: 'they need root' }
  const name = `lcprobe-${process.pid}-${randomInt(2 ** 32).toString(16)}`
  const inside = ['netns', 'exec', name]
  // Told before: if this process dies in between, there is nothing yet to remove, and that does no harm.
  reaper.watchNamespace(name)
  try {
    await run('ip', ['netns', 'add', name])
    try {
      for (const command of commands) await run('ip', [...inside, ...command.split(' ')])
      for (const table of tables) await run('ip', [...inside, 'iptables-restore'], table)
    } finally {
      await run('ip', ['netns', 'delete', name])
      reaper.forgetNamespace(name)
    }
    return { kind: 'possible' }
  } catch (error) {
    return { kind: 'impossible', why: reasonOf(error).replaceAll('\n', ' ') }
  }
}
