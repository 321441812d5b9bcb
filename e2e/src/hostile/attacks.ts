import { deletesUpdate } from './wire/yjs-update.ts'
import { factsBytes, message, said } from './wire/fact-wire.ts'
import { frame } from './wire/replica-wire.ts'
import type { Registered } from '../cluster/admin.ts'

/** Bytes that a member must not make content of. */
export interface Attack {
  readonly name: string
  /** A message of the protocol of facts, or what pretends to be one. */
  readonly bytes: Uint8Array
  /** What it must be refused for: another reason would say that it was not what it was meant to be. */
  readonly why: RegExp
}

const stored = (facts: Uint8Array): Uint8Array => message(1, { 1: facts })

/** A fact by hand, so that none of it need be as it should. */
const raw = (mark: number, subject: string, text: Uint8Array): Uint8Array =>
  Buffer.concat([
    Buffer.of(mark, subject.length),
    Buffer.from(subject, 'latin1'),
    Buffer.of((text.length >> 8) & 255, text.length & 255),
    text,
  ])

const dot = 0x2e
const bytes = (...numbers: readonly number[]): Uint8Array => Uint8Array.from(numbers)

/** Each rule of the gate broken, bombs, and what was an attack when Yjs updates travelled. */
export const attacksOn = (victim: Registered): readonly Attack[] => {
  const good = factsBytes([said(victim.user, 'true, and beside the broken one')])
  const attacks: readonly (readonly [name: string, bytes: Uint8Array, why: RegExp])[] = [
    ['an unknown mark', stored(raw(0x3f, victim.user, bytes())), /mark of a fact is "\." or "!"/],
    ['no subject', stored(raw(dot, '', bytes())), /A subject is 1 to 64/],
    ['a subject with a slash', stored(raw(dot, 'a/b', bytes())), /A subject is 1 to 64/],
    ['a subject of 65 characters', stored(raw(dot, 'a'.repeat(65), bytes())), /A subject is 1 to 64/],
    ['a text over the bound', stored(raw(dot, victim.user, new Uint8Array(16_385))), /at most 16384 bytes/],
    ['a text that is not UTF-8', stored(raw(dot, victim.user, bytes(0xff))), /is UTF-8/],
    ['half a surrogate pair', stored(raw(dot, victim.user, bytes(0xed, 0xa0, 0x80))), /is UTF-8/],
    ['an overlong character', stored(raw(dot, victim.user, bytes(0xc0, 0xaf))), /is UTF-8/],
    ['half a fact', stored(good.subarray(0, good.length - 5)), /ends before its declared length/],
    [
      'a good one before a bad one',
      stored(Buffer.concat([good, raw(0x3f, victim.user, bytes())])),
      /mark of a fact/,
    ],
    ['a field that claims 2 GB', frame(bytes(1, 1, 0xff, 0xff, 0xff, 0xff, 7)), /not a message/],
    ['a number that never ends', frame(bytes(3, 1, 12, ...Array<number>(12).fill(0xff))), /not a message/],
    ['no message at all', frame(bytes()), /not a message/],
    ['a changed byte', changed(stored(good)), /checksum/],
    [
      'a Yjs update that deletes everything',
      stored(deletesUpdate(new Map([[1, 2 ** 31]]))),
      /mark of a fact/,
    ],
    ['ids of one byte', message(4, { 1: 1, 2: 1, 3: bytes(1) }), /ids of 1 bytes; allowed: 8 to 20/],
    ['a path that is none', message(5, { 1: 1, 2: Buffer.from('../..') }), /paths of a tree/],
  ]
  return attacks.map(([name, content, why]) => ({ name, bytes: content, why }))
}

const changed = (whole: Uint8Array): Uint8Array => {
  const copy = Uint8Array.from(whole)
  copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1
  return copy
}

/** What a gossiped message may be: a request for something is none. */
export const isGossip = ({ why }: Attack): boolean => !/ids|paths/.test(why.source)
