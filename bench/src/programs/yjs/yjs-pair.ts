import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { createFactSet } from '@grapevine/facts'
import { createUserCache } from '@grapevine/user-cache'
import * as Y from 'yjs'
import { monotonic, sleep } from '../../clock.ts'
import { serve } from '../../processes/serve.ts'
import { hashOf, usernameOf } from '../../users.ts'
import { watchStalls } from '../cluster/stalls.ts'

/** Two documents in one process, and TCP between: what a heal costs with Yjs alone, without members, guard or disk. */
export interface YjsPairCalls {
  /** Makes the users that both have, and those that each has for itself. */
  prepare(options: { readonly shared: number; readonly own: number }): void
  /** Each sends all it has and applies what comes. */
  everything(): Promise<Exchange>
  /** Each sends exactly what the other lacks, and nothing is done with it. */
  difference(): Promise<Exchange>
}

export interface Exchange {
  readonly milliseconds: number
  readonly bytes: number
  readonly stall: number
}

let updates:
  | { readonly shared: Uint8Array; readonly left: Uint8Array; readonly right: Uint8Array }
  | undefined

/** The document of a user cache, without the cache. */
const makeUsers = (base: Uint8Array | undefined, from: number, count: number): Uint8Array => {
  const doc = new Y.Doc()
  if (base !== undefined) Y.applyUpdate(doc, base)
  const before = Y.encodeStateVector(doc)
  const facts = createFactSet({ doc, root: 'users' })
  const users = createUserCache({ facts, nodeId: `maker of ${from}` })
  doc.transact(() => {
    for (let index = from; index < from + count; index += 1)
      users.register({ username: usernameOf(index), passwordHash: hashOf(index) })
  })
  users.close()
  facts.close()
  return Y.encodeStateAsUpdate(doc, before)
}

const documents = (): { readonly left: Y.Doc; readonly right: Y.Doc } => {
  if (updates === undefined) throw new Error('not prepared')
  const [left, right] = [new Y.Doc(), new Y.Doc()]
  for (const doc of [left, right]) Y.applyUpdate(doc, updates.shared)
  Y.applyUpdate(left, updates.left)
  Y.applyUpdate(right, updates.right)
  return { left, right }
}

/** A listener that hands over the whole of what each connection brought. */
const receive = (take: (bytes: Uint8Array) => void): Server =>
  createServer((socket) => {
    const chunks: Buffer[] = []
    socket.on('data', (chunk) => chunks.push(chunk)).on('end', () => take(Buffer.concat(chunks)))
  })

const send = async (port: number, bytes: Uint8Array): Promise<Socket> => {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  return socket.end(bytes)
}

/** Both ways at once; ends when both have taken what came. */
const exchange = async (
  encode: readonly [() => Uint8Array, () => Uint8Array],
  take: (bytes: Uint8Array, index: number) => void,
): Promise<Exchange> => {
  let bytes = 0
  const stalls = watchStalls()
  const begun = monotonic()
  const ways = encode.map(async (encodeOne, index) => {
    const done = new Promise<void>((resolve) => {
      const server = receive((received) => {
        take(received, index)
        server.close()
        resolve()
      }).listen(0, '127.0.0.1', () => {
        const address = server.address()
        if (address === null || typeof address === 'string') throw new Error('a TCP server has no port')
        const update = encodeOne()
        bytes += update.length
        void send(address.port, update)
      })
    })
    await done
  })
  await Promise.all(ways)
  const milliseconds = monotonic() - begun
  // The last stall is seen when the timer that it held up has run.
  await sleep(5)
  return { milliseconds, bytes, stall: stalls() }
}

serve<YjsPairCalls>({
  prepare: ({ shared, own }) => {
    const base = makeUsers(undefined, 0, shared)
    updates = {
      shared: base,
      left: makeUsers(base, shared, own),
      right: makeUsers(base, shared + own, own),
    }
  },
  everything: () => {
    const { left, right } = documents()
    return exchange([() => Y.encodeStateAsUpdate(left), () => Y.encodeStateAsUpdate(right)], (bytes, index) =>
      Y.applyUpdate(index === 0 ? right : left, bytes),
    )
  },
  difference: () => {
    const { left, right } = documents()
    const [lefts, rights] = [Y.encodeStateVector(left), Y.encodeStateVector(right)]
    return exchange(
      [() => Y.encodeStateAsUpdate(left, rights), () => Y.encodeStateAsUpdate(right, lefts)],
      () => undefined,
    )
  },
})
