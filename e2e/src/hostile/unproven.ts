import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { callSecurely, type Secured, type Wire } from './wire/noise.ts'

const [nonceLength, proofLength] = [32, 32]

/** What is shown in the place of a proof that one knows the secret of the cluster; the member's own nonce and proofs are known. */
export const pretences: readonly (readonly [name: string, shown: (proofs: Buffer) => Uint8Array])[] = [
  ['no proof', () => Uint8Array.of(0)],
  ['a wrong proof', () => Buffer.concat([Uint8Array.of(1), randomBytes(proofLength)])],
  ["the member's own proof", (proofs) => proofs],
  ['more proofs than are allowed', () => Buffer.concat([Uint8Array.of(255), randomBytes(255 * proofLength)])],
]

/** How long somebody listens who gets no further, in milliseconds. */
const patience = 2_000

/**
 * Calls a member, says in Noise who they are, shows something in the place of the proof, and goes on as if that had been one.
 * Resolves to what the member said, decrypted, until it hung up.
 */
export const pretend = async (socket: Socket, shown: (proofs: Buffer) => Uint8Array): Promise<Buffer[]> => {
  const { wire, readLine } = wireOf(socket)
  for (const line of ['/multistream/1.0.0', '/grapevine/noise/1']) socket.write(lineOf(line))
  for (const line of ['/multistream/1.0.0', '/grapevine/noise/1']) {
    const said = await readLine()
    if (said !== line) throw new Error(`the member said ${said}, not ${line}`)
  }
  const secured = await callSecurely(wire)
  secured.say(randomBytes(nonceLength))
  const heard = [await secured.hear(), await secured.hear()]
  secured.say(shown(heard.at(-1) ?? Buffer.alloc(0)))
  for (const line of ['/multistream/1.0.0', '/yamux/1.0.0']) secured.say(lineOf(line))
  heard.push(...(await theRest(socket, secured)))
  return heard
}

const theRest = async (socket: Socket, secured: Secured): Promise<Buffer[]> => {
  const heard: Buffer[] = []
  const listening = async (): Promise<never> => {
    for (;;) heard.push(await secured.hear())
  }
  // Whatever ends it: the member has hung up, or says nothing any more.
  setTimeout(() => socket.destroy(), patience).unref()
  await listening().catch((error: unknown) => {
    if (!(error instanceof HungUpError)) throw error
  })
  return heard
}

class HungUpError extends Error {}

const lineOf = (line: string): Buffer => Buffer.concat([Buffer.of(line.length + 1), Buffer.from(`${line}\n`)])

const wireOf = (socket: Socket): { wire: Wire; readLine: () => Promise<string> } => {
  let pending = Buffer.alloc(0)
  let wake: () => void = () => undefined
  const news = (): Promise<void> => new Promise((resolve) => (wake = resolve))
  socket.on('data', (bytes) => {
    pending = Buffer.concat([pending, bytes])
    wake()
  })
  socket.once('close', () => wake())
  const read = async (length: number): Promise<Buffer> => {
    while (pending.length < length) {
      if (socket.closed) throw new HungUpError(`${pending.length} of ${length} bytes came`)
      await news()
    }
    const bytes = pending.subarray(0, length)
    pending = pending.subarray(length)
    return bytes
  }
  return {
    wire: {
      send: (message) => {
        const head = Buffer.alloc(2)
        head.writeUInt16BE(message.length)
        socket.write(Buffer.concat([head, message]))
      },
      receive: async () => await read((await read(2)).readUInt16BE()),
    },
    readLine: async () => (await read((await read(1)).readUInt8())).toString().trimEnd(),
  }
}
