import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'

/** A name server for tests: A records of the names it is given, no records for all others (RFC 1035, section 4). */
export interface NameServer extends AsyncDisposable {
  /** `127.0.0.1:<port>` */
  readonly address: string
}

/** The addresses of a name, for whoever asks; `undefined` for one that does not exist. */
export type Records = (name: string, asker: string) => readonly string[] | undefined

export interface NameServerPlace {
  /** @default '127.0.0.1' */
  readonly host?: string
  /** What resolv.conf means is 53. @default any */
  readonly port?: number
}

export const startNameServer = async (
  records: Readonly<Record<string, readonly string[]>> | Records,
  { host = '127.0.0.1', port = 0 }: NameServerPlace = {},
): Promise<NameServer> => {
  const recordsOf: Records = typeof records === 'function' ? records : (name) => records[name] ?? []
  const socket: Socket = createSocket('udp4')
  socket.on('message', (query, asker) =>
    socket.send(
      answerTo(query, (name) => recordsOf(name, asker.address)),
      asker.port,
      asker.address,
    ),
  )
  socket.bind(port, host)
  await once(socket, 'listening')
  return {
    address: `${host}:${socket.address().port}`,
    [Symbol.asyncDispose]: async () => {
      socket.close()
      await once(socket, 'close')
    },
  }
}

const headerLength = 12
const typeA = 1

const answerTo = (query: Buffer, recordsOf: (name: string) => readonly string[] | undefined): Buffer => {
  const { name, end } = readName(query)
  const known = recordsOf(name.toLowerCase())
  const addresses = query.readUInt16BE(end) === typeA ? (known ?? []) : []
  const header = Buffer.alloc(headerLength)
  query.copy(header, 0, 0, 2)
  // An answer, authoritative, recursion desired and available; no error, or no such name.
  header.writeUInt16BE(known === undefined ? 0x8583 : 0x8580, 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(addresses.length, 6)
  const question = query.subarray(headerLength, end + 4)
  return Buffer.concat([header, question, ...addresses.map(addressRecord)])
}

/** A pointer to the question's name, type A, class IN, a lifetime of 1 s, 4 bytes. */
const addressRecord = (address: string): Buffer =>
  Buffer.from([0xc0, headerLength, 0, typeA, 0, 1, 0, 0, 0, 1, 0, 4, ...address.split('.').map(Number)])

const readName = (query: Buffer): { readonly name: string; readonly end: number } => {
  const labels: string[] = []
  let at = headerLength
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += length + 1
  }
  return { name: labels.join('.'), end: at + 1 }
}
