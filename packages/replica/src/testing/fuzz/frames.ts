import { factsBytes, frame, message, numbers, plain, erasure, type RawFact } from '../liar/bytes.ts'
import { idsOf } from '../liar/liar.ts'
import { branchNode, leafNode } from '../liar/tree.ts'

const some: readonly RawFact[] = [
  plain('subject-1', 'one'),
  plain('subject-2', '{"kind":"renamed","username":"Zoë 🦉"}'),
  plain('subject-2', 'x'.repeat(300)),
  erasure('subject-3'),
]
const root = Buffer.alloc(32, 5)

/** One good message of each kind, to begin from. */
export const goodFrames: readonly Buffer[] = [
  message(numbers.store, { 1: factsBytes(some) }),
  message(numbers.compare, { 1: root, 2: root, 3: 'epoch', 4: 3, 5: 400, 6: 'other', 7: 1, 8: 2 }),
  message(numbers.offer, { 1: 1, 2: 'epoch', 3: 7, 4: 2_048 }),
  message(numbers.fetch, { 1: 1, 2: 8, 3: idsOf(some, 8) }),
  message(numbers.fetch, { 1: 0, 2: 20, 3: idsOf(some, 20) }),
  message(numbers.descend, { 1: 1, 2: ',0,1f,0123456789abcdef' }),
  message(numbers.stored, { 1: factsBytes([erasure('subject-3')]) }),
  message(numbers.offers, { 1: idsOf(some, 8), 2: 400 }),
  message(numbers.fetched, { 1: factsBytes(some) }),
  message(numbers.nodes, {
    1: Buffer.concat([leafNode([root.subarray(0, 20)]), branchNode(Array.from({ length: 16 }, () => root))]),
  }),
  message(numbers.unknown, { 1: 42 }),
  message(42, { 1: 'tomorrow', 99: 7 }),
  frame(Buffer.from('tomorrow'), 2),
]

const whole = (random: () => number, most: number): number => Math.floor(random() * most)
const extremes = [0, 1, 0x7f, 0x80, 0xff, 0x21, 0x2e, 0x0a]

const changeByte = (bytes: Buffer, random: () => number): Buffer => {
  const changed = Buffer.from(bytes)
  if (changed.length > 0)
    changed[whole(random, changed.length)] = extremes[whole(random, extremes.length)] ?? 0
  return changed
}
const cut = (bytes: Buffer, random: () => number): Buffer =>
  bytes.subarray(0, whole(random, bytes.length + 1))
const insert = (bytes: Buffer, random: () => number): Buffer => {
  const at = whole(random, bytes.length + 1)
  const between = Buffer.alloc(whole(random, 12), extremes[whole(random, extremes.length)])
  return Buffer.concat([bytes.subarray(0, at), between, bytes.subarray(at)])
}
const repeat = (bytes: Buffer, random: () => number): Buffer => {
  const at = whole(random, bytes.length + 1)
  const tail = bytes.subarray(at)
  const times = Math.min(2 ** whole(random, 16), Math.floor(1_000_000 / (tail.length + 1)))
  return Buffer.concat([bytes.subarray(0, at), ...Array.from({ length: times }, () => tail)])
}
const changes = [changeByte, changeByte, changeByte, cut, insert, repeat]

/** A frame that is good, or nearly so: most have a right checksum, so that what they say is looked at. */
export const nearlyGood = (frames: readonly Buffer[], random: () => number): Buffer => {
  const pick = (): Buffer => frames[whole(random, frames.length)] ?? Buffer.alloc(0)
  let payload = pick().subarray(5)
  if (random() < 0.1) payload = Buffer.concat([payload, pick().subarray(6)])
  for (let times = whole(random, 4); times > 0; times -= 1)
    payload = changes[whole(random, changes.length)]?.(payload, random) ?? payload
  const sealed = frame(payload)
  return random() < 0.1 ? changeByte(sealed, random) : sealed
}
