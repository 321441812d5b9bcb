import { describe, expect, expectTypeOf, test } from 'vitest'
import {
  abortSignal,
  callback,
  check,
  checkOptions,
  flag,
  group,
  listOf,
  numberBetween,
  oneOf,
  optional,
  orElse,
  secretText,
  text,
  textLike,
  wholeNumber,
  withMethods,
  type Checks,
} from '../index.ts'

interface Port {
  open(): void
  close(): void
}

interface Options {
  readonly name: string
  readonly port?: Port
  readonly retries?: number
  readonly timings?: { readonly interval?: number }
  readonly mode?: 'fast' | 'safe'
  readonly onError?: (error: unknown) => void
  readonly secrets?: readonly string[]
  readonly signal?: AbortSignal
}

const ignore = (): void => undefined
const checks = {
  name: textLike(/^[a-z]+$/, 'lower-case letters'),
  port: optional(withMethods<Port>('open', 'close')),
  retries: orElse(wholeNumber(0, 10), 3),
  timings: orElse(group({ interval: orElse(wholeNumber(1, 600_000), 400) }), { interval: 400 }),
  mode: orElse(oneOf('fast', 'safe'), 'safe'),
  onError: orElse(callback<(error: unknown) => void>(), ignore),
  secrets: optional(listOf(secretText(16, 256), 1, 4)),
  signal: optional(abortSignal),
} satisfies Checks<Options>

const messageOf = (options: unknown): string => {
  try {
    checkOptions(options, checks)
  } catch (error) {
    expect(error).toMatchObject({ name: 'InvalidOptionError', code: 'INVALID_OPTION' })
    return error instanceof Error ? error.message : ''
  }
  return 'allowed'
}

describe('options', () => {
  test('come back complete with their defaults', () => {
    const checked = checkOptions({ name: 'a' }, checks)
    expect(checked).toEqual({
      name: 'a',
      port: undefined,
      retries: 3,
      timings: { interval: 400 },
      mode: 'safe',
      onError: ignore,
      secrets: undefined,
      signal: undefined,
    })
    expectTypeOf(checked.mode).toEqualTypeOf<'fast' | 'safe'>()
    expectTypeOf(checked.port).toEqualTypeOf<Port | undefined>()
  })

  test.each<[string, object, string]>([
    ['missing', {}, 'name is missing; allowed: lower-case letters'],
    ['of another type', { name: 7 }, 'name is 7; allowed: lower-case letters'],
    ['out of bounds', { name: 'a', retries: 11 }, 'retries is 11; allowed: a whole number from 0 to 10'],
    ['not finite', { name: 'a', retries: NaN }, 'retries is NaN; allowed: a whole number from 0 to 10'],
    [
      'text for a number',
      { name: 'a', retries: '3' },
      'retries is "3"; allowed: a whole number from 0 to 10',
    ],
    ['none of the words', { name: 'a', mode: 'prod' }, 'mode is "prod"; allowed: "fast", "safe"'],
    [
      'within an option',
      { name: 'a', timings: { interval: 0 } },
      'timings.interval is 0; allowed: a whole number from 1 to 600000',
    ],
    [
      'half a port',
      { name: 'a', port: { open: ignore } },
      'port is an object; allowed: an object with open(), close()',
    ],
    ['no function', { name: 'a', onError: true }, 'onError is true; allowed: a function'],
    ['no signal', { name: 'a', signal: null }, 'signal is null; allowed: an AbortSignal'],
    [
      'too few',
      { name: 'a', secrets: [] },
      'secrets is a list of 0 entries; allowed: a list of 1 to 4 entries',
    ],
  ])('that are wrong are refused by name, value seen and what is allowed: %s', (_, options, message) => {
    expect(messageOf(options)).toBe(message)
  })

  test('that are unknown are refused by name, within an option too, and their value is not shown', () => {
    expect(messageOf({ name: 'a', secret: 'correct horse battery' })).toBe(
      'secret is unknown; allowed: name, port, retries, timings, mode, onError, secrets, signal',
    )
    expect(messageOf({ name: 'a', timings: { intervall: 3 } })).toBe(
      'timings.intervall is unknown; allowed: interval',
    )
    expect(messageOf({ name: 'a', constructor: 3 })).toMatch(/^constructor is unknown/)
    expect(messageOf({ name: 'a', ['x'.repeat(10_000)]: 1 }).length).toBeLessThan(200)
  })

  test('that are undefined count as left out', () => {
    expect(messageOf({ name: 'a', retries: undefined, port: undefined })).toBe('allowed')
  })

  test('that are no object are refused', () => {
    expect(messageOf(undefined)).toBe('options is missing; allowed: an object')
    expect(messageOf([])).toBe('options is a list of 0 entries; allowed: an object')
  })
})

describe('a message', () => {
  test('shows of a secret how long it is, and nothing else', () => {
    const message = messageOf({ name: 'a', secrets: ['correct horse battery', 'hunter2'] })
    expect(message).toBe('secrets[1] is text of 7 characters; allowed: text of 16 to 256 characters, random')
  })

  test('is bounded, whatever was seen', () => {
    for (const name of [
      'x'.repeat(1_000_000),
      10n ** 10_000n,
      Array(1_000_000).fill('x'),
      { x: 'x'.repeat(1_000_000) },
    ])
      expect(messageOf({ name }).length).toBeLessThan(200)
  })

  test('is made also of values that turn into no text', () => {
    const hostile = { toString: () => expect.fail('asked for'), toJSON: () => expect.fail('asked for') }
    expect(messageOf({ name: hostile })).toBe('name is an object; allowed: lower-case letters')
    expect(messageOf({ name: Symbol('a') })).toBe('name is a symbol; allowed: lower-case letters')
    expect(messageOf({ name: Object.create(null) })).toBe('name is an object; allowed: lower-case letters')
  })
})

test('single values are checked as options are', () => {
  expect(numberBetween(0, 1)('share', 0.5)).toBe(0.5)
  expect(() => numberBetween(0, 1)('share', Infinity)).toThrow(
    'share is Infinity; allowed: a number from 0 to 1',
  )
  expect(flag('quiet', false)).toBe(false)
  expect(() => text(1, 3)('name', 'abcd')).toThrow('name is "abcd"; allowed: text of 1 to 3 characters')
  expect(() => wholeNumber(1, Infinity)('count', 0)).toThrow('count is 0; allowed: a whole number from 1')
  const even = check(
    (value): value is number => typeof value === 'number' && value % 2 === 0,
    'an even number',
  )
  expect(() => even('pairs', 3)).toThrow('pairs is 3; allowed: an even number')
})
