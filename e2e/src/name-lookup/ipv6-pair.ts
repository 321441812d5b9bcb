import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { promisify } from 'node:util'

const call = promisify(execFile)

/** Two namespaces on one cable, where there is nothing but IPv6. */
export interface Ipv6Pair extends AsyncDisposable {
  readonly nodes: readonly { readonly namespace: string; readonly address: string }[]
}

export const ipv6Pair = async (): Promise<Ipv6Pair> => {
  const run = randomBytes(3).toString('hex')
  const nodes = [1, 2].map((number) => ({ namespace: `six${run}-${number}`, address: `fd00:77::${number}` }))
  const ip = (...args: readonly string[]): Promise<unknown> => call('ip', args)
  const remove = async (): Promise<void> => {
    for (const { namespace } of nodes) await ip('netns', 'delete', namespace).catch(() => undefined)
  }
  try {
    for (const { namespace } of nodes) await ip('netns', 'add', namespace)
    const [left, right] = nodes.map(({ namespace }) => namespace)
    await ip(
      'link',
      'add',
      'eth0',
      'netns',
      left ?? '',
      'type',
      'veth',
      'peer',
      'name',
      'eth0',
      'netns',
      right ?? '',
    )
    for (const { namespace, address } of nodes) {
      await ip('-n', namespace, 'link', 'set', 'lo', 'up')
      await ip('-n', namespace, 'address', 'add', `${address}/64`, 'dev', 'eth0', 'nodad')
      await ip('-n', namespace, 'link', 'set', 'eth0', 'up')
    }
    return { nodes, [Symbol.asyncDispose]: remove }
  } catch (error) {
    await remove()
    throw error
  }
}
