import { randomInt } from 'node:crypto'
import { messageOf } from '../errors.ts'
import { systemCommand } from '../system-command.ts'

export type NamespacesProbe =
  | { readonly kind: 'possible' }
  | { readonly kind: 'impossible'; readonly why: string }

/** Finds out, by doing it, whether this process may make network namespaces with a bridge and a packet filter. */
export async function probeNamespaces(): Promise<NamespacesProbe> {
  if (process.platform !== 'linux')
    return { kind: 'impossible', why: `they are Linux's, this is ${process.platform}` }
  if (process.geteuid?.() !== 0) return { kind: 'impossible', why: 'they need root' }
  const name = `lcprobe-${randomInt(2 ** 32).toString(16)}`
  const inside = ['netns', 'exec', name]
  try {
    await systemCommand('ip', ['netns', 'add', name])
    try {
      await systemCommand('ip', [...inside, 'ip', 'link', 'add', 'name', 'bridge0', 'type', 'bridge'])
      await systemCommand('ip', [
        ...inside,
        'ip',
        'link',
        'add',
        'name',
        'near',
        'type',
        'veth',
        'peer',
        'name',
        'far',
      ])
      await systemCommand('ip', [...inside, 'iptables-restore'], '*filter\n:INPUT ACCEPT\nCOMMIT\n')
    } finally {
      await systemCommand('ip', ['netns', 'delete', name])
    }
    return { kind: 'possible' }
  } catch (error) {
    return { kind: 'impossible', why: messageOf(error).replaceAll('\n', ' ') }
  }
}
