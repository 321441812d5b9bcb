import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'

/** A name server for tests: A records of the names it is given, no records for all others (RFC 1035, section 4). */
export interface NameServer extends AsyncDisposable {
  /** `127.0.0.1:<port>` */
  readonly address: string
}

export const startNameServer = async (
  records: Readonly<Record<string, readonly string[]>>,
): Promise<NameServer> => {
  const socket: Socket = createSocket('udp4')
  socket.on('message', (query, { port, address }) => socket.send(answerTo(query, records), port, address))
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    address: `127.0.0.1:${socket.address().port}`,
    [Symbol.asyncDispose]: async () => {
      socket.close()
      await once(socket, 'close')
    },
  }
}

const headerLength = 12
const typeA = 1

const answerTo = (query: Buffer, records: Readonly<Record<string, readonly string[]>>): Buffer => {
  const { name, end } = readName(query)
  const addresses = query.readUInt16BE(end) === typeA ? (records[name] ?? []) : []
  const header = Buffer.alloc(headerLength)
  query.copy(header, 0, 0, 2)
  // An answer, authoritative, recursion desired and available, no error.
  header.writeUInt16BE(0x8580, 2)
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
