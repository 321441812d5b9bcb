import { isUtf8 } from 'node:buffer'
import { InvalidFactError } from './errors.ts'
import { erasureOf, factOf, type Fact } from './fact.ts'
import { gate } from './gate.ts'

/**
 * Facts as bytes, on the wire and on disk: of each its mark (1 byte of ASCII), the length of its subject (1 byte), the
 * subject, and but for an erasure the length of its text (2 bytes, big endian) and the text in UTF-8. Keys do not
 * travel: whoever reads a fact works its key out.
 */
export const encodeFacts = (facts: readonly Fact[]): Uint8Array => {
  const bytes = Buffer.allocUnsafe(facts.reduce((sum, fact) => sum + sizeOf(fact), 0))
  let at = 0
  for (const fact of facts) at = writeFact(bytes, at, fact)
  return bytes
}

/** Bytes that a fact takes. */
export const sizeOf = (fact: Fact): number => {
  const head = 2 + fact.subject.length
  return fact.mark === '!' ? head : head + 2 + Buffer.byteLength(fact.text)
}

const writeFact = (bytes: Buffer, start: number, fact: Fact): number => {
  bytes.writeUInt8(fact.mark.charCodeAt(0), start)
  bytes.writeUInt8(fact.subject.length, start + 1)
  const at = start + 2 + bytes.write(fact.subject, start + 2, 'latin1')
  if (fact.mark === '!') return at
  const length = bytes.write(fact.text, at + 2, 'utf8')
  bytes.writeUInt16BE(length, at)
  return at + 2 + length
}

/**
 * @param most - how many there may be: some take five bytes
 * @throws InvalidFactError: nothing of it counts
 */
export const decodeFacts = (bytes: Uint8Array, most: number = Infinity): Fact[] => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const facts: Fact[] = []
  for (let at = 0; at < buffer.length;) {
    if (facts.length >= most) throw new InvalidFactError(`A list of at most ${most} facts; seen: more.`)
    const read = readFact(buffer, at)
    facts.push(read.fact)
    at = read.end
  }
  return facts
}

const erasureMark = 0x21
const plainMark = 0x2e

const readFact = (buffer: Buffer, start: number): { readonly fact: Fact; readonly end: number } => {
  const mark = byteAt(buffer, start)
  const subjectEnd = start + 2 + byteAt(buffer, start + 1)
  const subject = slice(buffer, start + 2, subjectEnd).toString('latin1')
  if (mark === erasureMark) return { fact: erasureOf(subject), end: subjectEnd }
  if (mark !== plainMark) throw new InvalidFactError(`The mark of a fact is "." or "!"; seen: byte ${mark}.`)
  const length = (byteAt(buffer, subjectEnd) << 8) | byteAt(buffer, subjectEnd + 1)
  if (length > gate.textBytes)
    throw new InvalidFactError(`A fact has at most ${gate.textBytes} bytes of text; seen: ${length}.`)
  const end = subjectEnd + 2 + length
  const text = slice(buffer, subjectEnd + 2, end)
  if (!isUtf8(text)) throw new InvalidFactError('The text of a fact is UTF-8; seen: other bytes.')
  return { fact: factOf(subject, text.toString('utf8')), end }
}

const byteAt = (buffer: Buffer, at: number): number => slice(buffer, at, at + 1).readUInt8(0)

const slice = (buffer: Buffer, start: number, end: number): Buffer => {
  if (end > buffer.length) throw new InvalidFactError('A fact ends before its declared length.')
  return buffer.subarray(start, end)
}
