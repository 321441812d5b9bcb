import { any, varString, varUint, type Value } from './bytes.ts'
import {
  collected,
  structsUpdate,
  textItem,
  typeItem,
  valueItem,
  type Authored,
  type Struct,
} from './yjs-update.ts'
import type { Registered } from '../admin.ts'

/** Bytes that a member must not make content of. */
export interface Attack {
  readonly name: string
  readonly update: Uint8Array
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
  const attacks: readonly (readonly [name: string, update: Uint8Array])[] = [
    ['7 bytes that declare 30 million structs', raw(1, 30_000_000, 1, 0)],
    ['as many authors', raw(30_000_000, 1, 1, 0)],
    ['as many deletions', raw(0, 1, 1, 30_000_000, 0, 1)],
    ['a string that claims 2 GB', Uint8Array.from([1, 1, 1, 0, 0x28, 1, ...varUint(2 ** 31)])],
    ['an object of 100 million keys', bomb([118, ...varUint(100_000_000)])],
    ['an array of 100 million items', bomb([117, ...varUint(100_000_000)])],
    ['arrays in arrays, 20,000 deep', by([deep(20_000)])],
    ['2^31 collected units', by([collected(2 ** 31)])],
    ['2,000 entries at one place', crowd(own, 2_000)],
    ['a text where the users are', by([textItem({ root: users }, 'x'.repeat(10_000))])],
    ['a list item where the users are', by([valueItem({ root: users }, 'x')])],
    ['a map in the place of a fact', by([typeItem(beside, 1)])],
    ['a text in the place of a fact', by([typeItem(beside, 2)])],
    ['another root', by([valueItem({ root: 'admins', key: victim.user }, 'x')])],
    ['__proto__ as a root', by([valueItem({ root: '__proto__', key: 'isAdmin' }, 'x')])],
    ['__proto__ as a key', by([valueItem({ root: users, key: '__proto__' }, new Map([['x', 'x']]))])],
    [
      '__proto__ in a fact',
      by([valueItem(beside, new Map([...ended, ['__proto__', new Map([['x', 'x']])]]))]),
    ],
    ['a fact of an unknown kind', by([valueItem(beside, fact(victim.user, [['kind', 'promoted']]))])],
    [
      'a fact of somebody else’s key',
      by([valueItem({ root: users, key: `${somebody}/${somebody}` }, ended)]),
    ],
    ['a fact with an extra field', by([valueItem(beside, new Map([...ended, ['role', 'admin']]))])],
    ['another password for a user, by the highest client', by([valueItem(own, takeover)], highest)],
    ['no value for a user, by the highest client', by([valueItem(own, [])], highest)],
    ['a client of 52 bits', by([valueItem(beside, ended)], 2 ** 52)],
    ['a key of 100,000 characters', by([valueItem({ root: users, key: 'k'.repeat(100_000) }, ended)])],
    ['half an update', by([valueItem(beside, ended)]).subarray(0, 40)],
    ['text', Uint8Array.from(varString('{"kind":"registered"}'))],
  ]
  return attacks.map(([name, update]) => ({ name, update }))
}

/** An entry whose value begins like this, and ends with the update. */
const bomb = (value: readonly number[]): Uint8Array => {
  const whole = by([valueItem({ root: users, key: 'bomb' }, 'x')])
  // Without the value, and without the empty delete set behind it.
  return Uint8Array.from([...whole.subarray(0, -4), ...value])
}

const crowd = (place: { readonly root: string; readonly key: string }, size: number): Uint8Array =>
  structsUpdate(
    ...Array.from({ length: size }, (_, author) => ({
      client: author + 1,
      structs: [valueItem(place, 'x')],
    })),
  )
