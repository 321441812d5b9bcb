import { any, varString, varUint, type Value } from './wire/bytes.ts'
import {
  collected,
  structsUpdate,
  textItem,
  typeItem,
  valueItem,
  type Authored,
  type Struct,
} from './wire/yjs-update.ts'
import type { Registered } from '../cluster/admin.ts'

/** Bytes that a member must not make content of. */
export interface Attack {
  readonly name: string
  readonly update: Uint8Array
  /** What it must be refused for: another reason would say that it was not what it was meant to be. */
  readonly why: RegExp
}

const users = 'users'
const somebody = 'AAAAAAAAAAAAAAAAAAAAAA'
const at = '017f22e279b0-0001-9f86d081884c7d65'
const highest = 2 ** 32 - 1

const fact = (user: string, fields: readonly (readonly [string, Value])[]): Map<string, Value> =>
  new Map([['user', user], ['at', at], ...fields])

const raw = (...numbers: readonly number[]): Uint8Array => Uint8Array.from(numbers.flatMap(varUint))

/** By a client that nobody else is. */
const by = (structs: readonly Struct[], client: Authored['client'] = 4_711): Uint8Array =>
  structsUpdate({ client, structs })

/** The value of an entry that is arrays in arrays, so deep that a recursive reader runs out of stack. */
const deep = (levels: number): Struct => {
  const head = valueItem({ root: users, key: 'deep' }, 'x')
  const value = [...Array.from({ length: levels }, () => [117, 1]).flat(), ...any('x')]
  return [...head.slice(0, -3), ...value]
}

/** Bombs, wrong types, `__proto__`, and attempts at somebody's account. */
export const attacksOn = (victim: Registered): readonly Attack[] => {
  const own = { root: users, key: `${victim.user}/${victim.fact}` }
  const beside = { root: users, key: `${victim.user}/${somebody}` }
  const takeover = fact(victim.user, [
    ['kind', 'registered'],
    ['username', victim.username],
    ['passwordHash', victim.passwordHash.replace(/[^$]+$/, 'A'.repeat(43))],
  ])
  const ended = fact(victim.user, [['kind', 'sessionsEnded']])
  const attacks: readonly (readonly [name: string, update: Uint8Array, why: RegExp])[] = [
    ['7 bytes that declare 30 million structs', raw(1, 30_000_000, 1, 0), /declares 30000000 structs/],
    ['as many authors', raw(30_000_000, 1, 1, 0), /declares 30000000 authors/],
    ['as many deletions', raw(0, 1, 1, 30_000_000, 0, 1), /declares 30000000 deletes/],
    [
      'a string that claims 2 GB',
      Uint8Array.from([1, 1, 1, 0, 0x28, 1, ...varUint(2 ** 31)]),
      /ends in the middle/,
    ],
    ['an object of 100 million keys', bomb([118, ...varUint(100_000_000)]), /declares 100000000 keys/],
    ['an array of 100 million items', bomb([117, ...varUint(100_000_000)]), /declares 100000000 items/],
    ['arrays in arrays, 20,000 deep', by([deep(20_000)]), /nested deeper than 64/],
    ['2^31 collected units', by([collected(2 ** 31)]), /something else than a fact/],
    ['2,000 entries at one place', crowd(own, 2_000), /more than 512 items at one place/],
    [
      'a text where the users are',
      by([textItem({ root: users }, 'x'.repeat(10_000))]),
      /of another kind than its root/,
    ],
    [
      'a list item where the users are',
      by([valueItem({ root: users }, 'x')]),
      /of another kind than its root/,
    ],
    ['a map in the place of a fact', by([typeItem(beside, 1)]), /something else than a fact/],
    ['a text in the place of a fact', by([typeItem(beside, 2)]), /something else than a fact/],
    ['another root', by([valueItem({ root: 'admins', key: victim.user }, 'x')]), /outside the root/],
    ['__proto__ as a root', by([valueItem({ root: '__proto__', key: 'isAdmin' }, 'x')]), /the key __proto__/],
    [
      '__proto__ as a key',
      by([valueItem({ root: users, key: '__proto__' }, new Map([['x', 'x']]))]),
      /the key __proto__/,
    ],
    [
      '__proto__ in a fact',
      by([valueItem(beside, new Map([...ended, ['__proto__', new Map([['x', 'x']])]]))]),
      /the key __proto__/,
    ],
    [
      'a fact of an unknown kind',
      by([valueItem(beside, fact(victim.user, [['kind', 'promoted']]))]),
      /kind of a fact is unknown/,
    ],
    [
      'a fact of somebody else’s key',
      by([valueItem({ root: users, key: `${somebody}/${somebody}` }, ended)]),
      /key of a fact is not "<its user>/,
    ],
    [
      'a fact with an extra field',
      by([valueItem(beside, new Map([...ended, ['role', 'admin']]))]),
      /has extra keys/,
    ],
    [
      'another password for a user, by the highest client',
      by([valueItem(own, takeover)], highest),
      /never overwritten/,
    ],
    [
      'no value for a user, by the highest client',
      by([valueItem(own, [])], highest),
      /fact is a plain object/,
    ],
    ['a client of 52 bits', by([valueItem(beside, ended)], 2 ** 52), /client id 4503599627370496/],
    [
      'a key of 100,000 characters',
      by([valueItem({ root: users, key: 'k'.repeat(100_000) }, ended)]),
      /key of 100000 bytes/,
    ],
    ['half an update', by([valueItem(beside, ended)]).subarray(0, 40), /ends in the middle/],
    ['text', Uint8Array.from(varString('{"kind":"registered"}')), /declares 123 structs/],
  ]
  return attacks.map(([name, update, why]) => ({ name, update, why }))
}

/** An entry whose value begins like this, and ends with the update. */
const bomb = (value: readonly number[]): Uint8Array => {
  const whole = by([valueItem({ root: users, key: 'bomb' }, 'x')])
  // Without the value, and without the empty delete set behind it.
  return Uint8Array.from([...whole.subarray(0, -4), ...value])
}

/** By as many authors, the highest first, as Yjs writes them. */
const crowd = (place: { readonly root: string; readonly key: string }, size: number): Uint8Array =>
  structsUpdate(
    ...Array.from({ length: size }, (_, author) => ({
      client: size - author,
      structs: [valueItem(place, 'x')],
    })),
  )
