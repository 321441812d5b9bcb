import { reasonOf } from '@grapevine/std'
import { ListenError } from '../errors.ts'
import type { Libp2pNode } from './node.ts'

const problems: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use by another process',
  EADDRNOTAVAIL: 'is not an address of this machine',
  EACCES: 'may not be listened on by this process',
  EAFNOSUPPORT: 'is of a kind that this machine does not have',
}

/** Starts the node. libp2p tells what it could not listen on, with stacks, in the text of one error. @throws ListenError */
export const startListening = async (node: Libp2pNode): Promise<void> => {
  try {
    await node.start()
  } catch (error) {
    const [, address, code = ''] = /^\s*(\/\S+): Error: listen (E[A-Z]+)/m.exec(reasonOf(error)) ?? []
    if (address === undefined) throw error
    throw new ListenError(address, problems[code] ?? `could not be listened on (${code})`)
  }
}
