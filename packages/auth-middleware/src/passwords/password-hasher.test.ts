import { describe, expect, test } from 'vitest'
import { passwordHasher } from './password-hasher.ts'
import { cheapHasher } from '../testing/auth-app.ts'

const options = { signal: new AbortController().signal }
const password = 'correct horse'
/** Of the same password, by argon2i. */
const argon2iHash =
  '$argon2i$v=19$m=8,t=1,p=1$2JdyPvVuEYh/XBhijappXg$Ek5HBec1HMvbmhir/Pxe20ZjOveU/rQxtnccDdZmEQc'

test('the default is argon2id with the parameters that OWASP advises', async () => {
  const hash = await passwordHasher().hash(password, options)
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(await passwordHasher().verify(hash, password, options)).toBe(true)
})

test('every hash has its own salt', async () => {
  const hasher = cheapHasher()
  expect(await hasher.hash(password, options)).not.toBe(await hasher.hash(password, options))
})

test.each([
  ['a space at the end', `${password} `],
  ['another case', 'Correct horse'],
  ['nothing', ''],
  ['one character less', password.slice(0, -1)],
])('%s is another password', async (_what, other) => {
  const hasher = cheapHasher()
  expect(await hasher.verify(await hasher.hash(password, options), other, options)).toBe(false)
})

test('the last of 128 characters counts, and so does a zero in the middle', async () => {
  const hasher = cheapHasher()
  for (const start of ['🍇'.repeat(127), 'before\0after']) {
    const hash = await hasher.hash(`${start}a`, options)
    expect(await hasher.verify(hash, `${start}a`, options)).toBe(true)
    expect(await hasher.verify(hash, `${start}b`, options)).toBe(false)
  }
})

describe('a hash that is none is nobody’s', () => {
  test.each([
    '',
    'plain',
    '$argon2id$',
    '$argon2id$v=19$m=8,t=1,p=1$$',
    '$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$AA',
    '$argon2id$v=19$m=4294967295,t=4294967295,p=1$c2FsdHNhbHRzYWx0c2FsdA$c2FsdHNhbHRzYWx0c2FsdA',
    '$2b$10$abcdefghijklmnopqrstuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu',
    '\u0000',
  ])('%j', async (hash) => {
    expect(await cheapHasher().verify(hash, password, options)).toBe(false)
    expect(await cheapHasher().verify(hash, '', options)).toBe(false)
  })

  test('also one of another algorithm, though its password is right', async () => {
    expect(await cheapHasher().verify(argon2iHash, password, options)).toBe(false)
  })
})

describe('the decoy', () => {
  test('costs what a real hash costs, and has its form', async () => {
    const hasher = cheapHasher()
    const form = (hash: string): string[] =>
      hash.split('$').map((part, at) => (at < 4 ? part : `${part.length}`))
    expect(form(hasher.decoy)).toEqual(form(await hasher.hash(password, options)))
  })

  test('is nobody’s, and another one in each hasher', async () => {
    const hasher = cheapHasher()
    expect(await hasher.verify(hasher.decoy, password, options)).toBe(false)
    expect(cheapHasher().decoy).not.toBe(hasher.decoy)
  })
})

test('a password against the rules is not hashed', async () => {
  await expect(cheapHasher().hash('short', options)).rejects.toMatchObject({ code: 'INVALID_PASSWORD' })
})

test('the queue is bounded, for hash and verify alike', async () => {
  const hasher = passwordHasher({ memoryKiB: 8, passes: 1, concurrency: 1, queueLimit: 1 })
  const all = [1, 2, 3, 4].map(() => hasher.verify(hasher.decoy, password, options))
  const refused = hasher.hash(password, options)
  await expect(refused).rejects.toMatchObject({ code: 'OVERLOADED' })
  const outcomes = await Promise.allSettled(all)
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected'])
})

test('hashing is off the main thread: timers go on', async () => {
  let ticks = 0
  const ticking = setInterval(() => (ticks += 1), 1)
  const hasher = passwordHasher({ concurrency: 1 })
  await Promise.all([1, 2, 3, 4].map(() => hasher.hash(password, options)))
  clearInterval(ticking)
  expect(ticks).toBeGreaterThan(3)
})

test.each([{ concurrency: 0 }, { queueLimit: -1 }, { memoryKiB: 7 }, { passes: 0 }, { lanes: 1.5 }])(
  '%j is refused with its name',
  (wrong) => {
    expect(() => passwordHasher(wrong)).toThrow(`${Object.keys(wrong)[0]} is`)
  },
)
