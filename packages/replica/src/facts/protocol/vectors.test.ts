import { readFileSync } from 'node:fs'
import {
  createFactSet,
  decodeFacts,
  encodeFacts,
  erasureOf,
  factOf,
  InvalidFactError,
  keyOf,
  type Fact,
} from '@grapevine/facts'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { decodeMessage, encodeMessage, type Message } from './message.ts'
import { decodeNodes, encodeNodes } from './node-list.ts'

interface Vectors {
  readonly facts: readonly { subject: string; mark: '.' | '!'; text: string; key: string; bytes: string }[]
  readonly malformed: readonly { why: string; bytes: string }[]
  readonly sets: readonly {
    count: number
    erased: readonly string[]
    roots: readonly string[]
    digest: string
  }[]
  readonly messages: readonly { message: Record<string, string | number>; frame: string }[]
  readonly nodes: readonly { below: string; bytes: string }[]
}

const file = new URL('../../../../../docs/vectors/facts.json', import.meta.url)
const read = (): Vectors => JSON.parse(readFileSync(file, 'utf8'))
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const bytes = (text: string): Uint8Array => Buffer.from(text, 'hex')

const factFrom = ({ subject, mark, text }: { subject: string; mark: '.' | '!'; text: string }): Fact =>
  mark === '!' ? erasureOf(subject) : factOf(subject, text)

/** Fields of bytes are hex in the file. */
const messageFrom = (fields: Record<string, string | number>): Message => {
  const entries = Object.entries(fields).map(([name, value]) => {
    const isBytes = typeof value === 'string' && value.startsWith('hex:')
    return [name, isBytes ? bytes(value.slice(4)) : value]
  })
  return Object.fromEntries(entries) as Message
}

describe('the vectors', () => {
  const vectors = read()

  test.each(vectors.facts)('of a fact: $key', ({ key, bytes: encoded, ...given }) => {
    const fact = factFrom(given)
    expect(keyOf(fact)).toBe(key)
    expect(hex(encodeFacts([fact]))).toBe(encoded)
    expect(decodeFacts(bytes(encoded))).toEqual([fact])
  })

  test.each(vectors.malformed)('of what is malformed: $why', ({ bytes: encoded }) => {
    expect(() => decodeFacts(bytes(encoded))).toThrowError(InvalidFactError)
  })

  test.each(vectors.sets)('of a set of $count facts', ({ count, erased, roots, digest }) => {
    const set = createFactSet({ doc: new Y.Doc(), root: 'facts' })
    set.insert(Array.from({ length: count }, (_, index) => factOf(`subject-${index % 10}`, `fact ${index}`)))
    set.insert(erased.map(erasureOf))
    expect([hex(set.erasures.root()), hex(set.facts.root())]).toEqual(roots)
    expect(set.digest()).toBe(digest)
  })

  test.each(vectors.messages)('of a message: $message.type', ({ message, frame }) => {
    expect(hex(encodeMessage(messageFrom(message)))).toBe(frame)
    const decoded = Object.entries(decodeMessage(bytes(frame))).map(([name, value]) => [
      name,
      value instanceof Uint8Array ? `hex:${hex(value)}` : value,
    ])
    expect(Object.fromEntries(decoded)).toEqual(message)
  })

  test.each(vectors.nodes)('of what lies below "$below"', ({ below, bytes: encoded }) => {
    const set = createFactSet({ doc: new Y.Doc(), root: 'facts' })
    set.insert(Array.from({ length: 40 }, (_, index) => factOf('ada', `fact ${index}`)))
    expect(hex(encodeNodes([set.facts.below(below)]))).toBe(encoded)
    expect(decodeNodes(bytes(encoded), 1)).toHaveLength(1)
  })
})
