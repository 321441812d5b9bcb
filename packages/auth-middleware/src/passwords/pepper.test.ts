import { describe, expect, test } from 'vitest'
import { passwordHasher, type PasswordHasher } from './password-hasher.ts'

const signal = new AbortController().signal
const password = 'correct horse'
const [old, next] = ['a pepper of last year', 'a pepper of this year']
const hasherWith = (...peppers: string[]): PasswordHasher =>
  passwordHasher({ memoryKiB: 8, passes: 1, concurrency: 2, peppers })

describe('a pepper', () => {
  test('is needed to open what was hashed with it: the hash alone is worth nothing', async () => {
    const hash = await hasherWith(old).hash(password, { signal })
    expect(await hasherWith(old).verify(hash, password, { signal })).toBe(true)
    expect(await hasherWith().verify(hash, password, { signal })).toBe(false)
    expect(await hasherWith(next).verify(hash, password, { signal })).toBe(false)
  })

  test('is rotated: both open, the first is used for new hashes, and the others are renewed', async () => {
    const before = await hasherWith(old).hash(password, { signal })
    const during = hasherWith(next, old)
    expect([await during.verify(before, password, { signal }), during.isOutdated(before)]).toEqual([
      true,
      true,
    ])
    const after = await during.hash(password, { signal })
    expect([await hasherWith(next).verify(after, password, { signal }), during.isOutdated(after)]).toEqual([
      true,
      false,
    ])
  })

  test('opens hashes of before there was one, and has them renewed; so when there is none any more', async () => {
    const bare = await hasherWith().hash(password, { signal })
    const hasher = hasherWith(next)
    expect([await hasher.verify(bare, password, { signal }), hasher.isOutdated(bare)]).toEqual([true, true])
    expect(hasherWith().isOutdated(bare)).toBe(false)
  })

  test('does not show in the format, nor in a message', async () => {
    const hash = await hasherWith(next).hash(password, { signal })
    const format = /^\$argon2id\$v=19\$m=8,t=1,p=1\$[A-Za-z0-9+/]{27}\$[A-Za-z0-9+/]{43}$/
    expect(hash).toMatch(format)
    expect(hasherWith(next).decoy).toMatch(format)
    expect(() => hasherWith('short')).toThrow('peppers[0] is text of 5 characters')
  })
})
