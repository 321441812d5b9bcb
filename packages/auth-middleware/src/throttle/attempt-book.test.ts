import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { attemptsConfig } from '../config.ts'
import { attemptBook, shareOf, subjectId, type AttemptBook, type AttemptKey } from './attempt-book.ts'

const minute = 60_000
const memberNames = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `member-${index}`)
const bookOf = (
  self: string,
  members: () => readonly string[],
  { cap, now = () => 0, maxSubjects }: { cap: number; now?: () => number; maxSubjects?: number },
): AttemptBook =>
  attemptBook({
    limits: attemptsConfig({ account: cap, windowMs: 15 * minute }),
    self,
    members,
    now,
    ...(maxSubjects === undefined ? {} : { maxSubjects }),
  })
const keyOf = (subject: string, window = 0): AttemptKey => ({
  kind: 'account',
  id: subjectId('account', subject),
  window,
})

test('the shares of all members add up to the cap, or to one for each if they are more, whatever the subject', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 200 }),
      fc.string(),
      (n, cap, id) => {
        const members = memberNames(n).sort()
        const shares = members.map((self) => shareOf(cap, members, self, id))
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(Math.max(cap, n))
        expect(Math.min(...shares)).toBeGreaterThanOrEqual(1)
        expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1)
      },
    ),
  )
})

/** What an attacker, the network and the members may do, in any order. */
type Action =
  | { readonly does: 'guess'; readonly at: number }
  | { readonly does: 'succeed'; readonly at: number }
  /** A loan; when the answer gets lost, only the lender knows of it. */
  | { readonly does: 'lend'; readonly from: number; readonly to: number; readonly arrives: boolean }
  | { readonly does: 'split'; readonly sides: readonly boolean[] }

const actions = (members: number): fc.Arbitrary<Action[]> => {
  const at = fc.nat({ max: members - 1 })
  return fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.record({ does: fc.constant('guess' as const), at }) },
      { weight: 1, arbitrary: fc.record({ does: fc.constant('succeed' as const), at }) },
      {
        weight: 3,
        arbitrary: fc.record({ does: fc.constant('lend' as const), from: at, to: at, arrives: fc.boolean() }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          does: fc.constant('split' as const),
          sides: fc.array(fc.boolean(), { minLength: members, maxLength: members }),
        }),
      },
    ),
    { maxLength: 400 },
  )
}

interface World {
  readonly books: readonly AttemptBook[]
  readonly key: AttemptKey
}

const worldOf = (count: number, cap: number): World => {
  const members = memberNames(count)
  return { books: members.map((self) => bookOf(self, () => members, { cap })), key: keyOf('ada') }
}

/** How many wrong passwords were tried. */
const play = ({ books, key }: World, story: readonly Action[]): number => {
  let wrong = 0
  let sides: readonly boolean[] = books.map(() => true)
  for (const action of story) {
    if (action.does === 'split') sides = action.sides
    if (action.does === 'guess' && books[action.at]?.take(key) === true) wrong += 1
    if (action.does === 'succeed' && books[action.at]?.take(key) === true) books[action.at]?.giveBack(key)
    if (action.does === 'lend' && action.from !== action.to && sides[action.from] === sides[action.to]) {
      const amount = books[action.from]?.lend(key) ?? 0
      if (action.arrives) books[action.to]?.receive(key, amount)
    }
  }
  return wrong
}

describe('no more tries than the cap, in the whole cluster', () => {
  test('for all splits, losses and orders of guessing', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 7 }).chain((n) => fc.tuple(fc.constant(n), actions(n))),
        fc.integer({ min: 1, max: 40 }),
        ([members, story], cap) => {
          expect(play(worldOf(members, cap), story)).toBeLessThanOrEqual(Math.max(cap, members))
        },
      ),
      { numRuns: 500 },
    )
  })

  test('and exactly the cap when the attacker drains every member, split or not', () => {
    for (const cap of [5, 30, 100]) {
      const { books, key } = worldOf(5, cap)
      let wrong = 0
      for (let round = 0; round < 100; round += 1) for (const book of books) if (book.take(key)) wrong += 1
      expect(wrong).toBe(cap)
    }
  })

  test('a member alone lets the owner of any account in, however many members there are', () => {
    const members = memberNames(100)
    const alone = bookOf('member-17', () => members, { cap: 30 })
    for (let owner = 0; owner < 100; owner += 1) {
      const key = keyOf(`owner-${owner}`)
      expect(alone.take(key)).toBe(true)
      alone.giveBack(key)
    }
  })

  test('one member alone gets the whole cap, if the others lend', () => {
    const { books, key } = worldOf(5, 30)
    const [one, ...others] = books
    let granted = 0
    for (let guess = 0; guess < 100; guess += 1) {
      if (one?.take(key) === true) granted += 1
      else for (const other of others) one?.receive(key, other.lend(key))
    }
    expect(granted).toBe(30)
  })

  test('a member that joins adds its share at most, in the window in which it joins', () => {
    const known = memberNames(4)
    const books = known.map((self) => bookOf(self, () => known, { cap: 20 }))
    const all = [...known, 'newcomer']
    const newcomer = bookOf('newcomer', () => all, { cap: 20 })
    const key = keyOf('ada')
    const spend = (book: AttemptBook): number => {
      let spent = 0
      while (book.take(key)) spent += 1
      return spent
    }
    expect(books.reduce((sum, book) => sum + spend(book), 0)).toBe(20)
    expect(spend(newcomer)).toBe(4)
  })

  test('who leaves within a window does not leave its share to the others', () => {
    let members = memberNames(2)
    const book = bookOf('member-0', () => members, { cap: 10 })
    const key = keyOf('ada')
    for (let guess = 0; guess < 5; guess += 1) expect(book.take(key)).toBe(true)
    members = ['member-0']
    expect(book.take(key)).toBe(false)
    const others = Array.from({ length: 20 }, () => book.take(keyOf('first guessed at after that')))
    expect(others.filter(Boolean)).toHaveLength(5)
  })
})

describe('windows', () => {
  test('the next one starts with new rights, and says when', () => {
    let time = 10 * minute
    const book = bookOf('me', () => ['me'], { cap: 1, now: () => time })
    expect(book.take(keyOf('ada', book.window()))).toBe(true)
    expect(book.take(keyOf('ada', book.window()))).toBe(false)
    expect(book.retryAfterSeconds()).toBe(5 * 60)
    time = 15 * minute
    expect(book.take(keyOf('ada', book.window()))).toBe(true)
  })

  test('nothing is lent for a window that this clock is far from', () => {
    const book = bookOf('me', () => ['me'], { cap: 10, now: () => 10 * 15 * minute })
    expect([8, 9, 10, 11, 12].map((window) => book.lend(keyOf('ada', window)) > 0)).toEqual([
      false,
      true,
      true,
      true,
      false,
    ])
  })
})

test('a flood of names pushes nobody out: beyond the bound names share their rights', () => {
  const book = bookOf('me', () => ['me'], { cap: 3, maxSubjects: 10 })
  for (let index = 0; index < 10; index += 1) book.take(keyOf(`name-${index}`))
  const late = keyOf('late')
  const tries = Array.from({ length: 10 }, () => book.take(late)).filter(Boolean).length
  for (let index = 0; index < 5000; index += 1) book.take(keyOf(`flood-${index}`))
  expect(tries).toBe(3)
  expect(book.take(late)).toBe(false)
})

test('a subject is not kept or sent as it is', () => {
  expect(subjectId('account', 'my password by mistake')).toMatch(/^[A-Za-z0-9_-]{22}$/)
  expect(subjectId('account', 'a')).not.toBe(subjectId('address', 'a'))
})
