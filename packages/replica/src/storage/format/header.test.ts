import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { encodeHeader, headerLength, mostOwnerBytes, readHeader, type Header } from './header.ts'

const header: Header = {
  kind: 'log',
  generation: 12,
  salt: Buffer.from('9f3a1c22aabbccdd', 'hex'),
  owner: 'cluster/users',
  length: 0,
}

test('a header is read as it was written, also one of the longest owner', () => {
  for (const one of [
    header,
    { ...header, kind: 'snapshot' as const, length: 2 ** 40, owner: 'ü'.repeat(mostOwnerBytes / 2) },
  ]) {
    const bytes = encodeHeader(one)
    expect(bytes).toHaveLength(headerLength(one.owner))
    expect(readHeader(Buffer.concat([bytes, Buffer.from('frames')]))).toEqual({ is: 'whole', header: one })
  }
})

test('the bytes are those of format 1', () => {
  expect(encodeHeader(header).toString('hex')).toBe(
    '894752415045 0d0a 00000001 cffc4cb2 01 000000000000000c 9f3a1c22aabbccdd 0000000000000000 000d 636c75737465722f7573657273 04870d32'.replaceAll(
      ' ',
      '',
    ),
  )
})

test('a flipped bit or a cut anywhere makes it damaged, never another', () => {
  const bytes = encodeHeader(header)
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const changed = Buffer.from(bytes)
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    expect(readHeader(changed), `bit ${bit}`).toEqual({ is: 'damaged' })
  }
  for (let length = 0; length < bytes.length; length += 1)
    expect(readHeader(bytes.subarray(0, length)), `length ${length}`).toEqual({ is: 'damaged' })
})

test('a later format is told as such, whatever else that file holds', () => {
  const bytes = Buffer.from(encodeHeader(header).subarray(0, 16))
  bytes.writeUInt32BE(7, 8)
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 12)), 12)
  expect(readHeader(Buffer.concat([bytes, Buffer.from('quite another layout')]))).toEqual({
    is: 'newer',
    format: 7,
  })
})
