import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InvalidUsernameError } from '../errors.ts'
import { letterAt } from './letters.ts'
import { checkNewUsername, checkUsername, maxUsernameLength, normaliseUsername } from './username.ts'

const isUsername = (typed: unknown): boolean => checkUsername(typed).kind === 'valid'

describe('a username', () => {
  test.each([
    ['Ada', 'ada'],
    ['ＡＤＡ', 'ada'],
    ['ﬁona', 'fiona'],
    ['Straße', 'strasse'],
    ['STRAẞE', 'strasse'],
    ['ΟΔΥΣΣΕΥΣ', 'οδυσσευσ'],
    ['οδυσσευσ', 'οδυσσευσ'],
    ['Jose\u0301', 'josé'],
    ['o.b_c@example+x-1', 'o.b_c@example+x-1'],
    ['आदित्य', 'आदित्य'],
    ['李', '李'],
    ['٣', '٣'],
    ['ｔａｒｏ＿１＠ｘ．ｙ', 'taro_1@x.y'],
  ])('%s is compared as %s', (typed, normalised) => {
    expect(normaliseUsername(typed)).toBe(normalised)
  })

  test.each([
    ['nothing', ''],
    ['a space', 'a b'],
    ['a no-break space', 'a\u00a0b'],
    ['a line break', 'ada\n'],
    ['NUL', 'ada\0'],
    ['a zero-width space', 'ad\u200ba'],
    ['a zero-width joiner', 'ad\u200da'],
    ['a right-to-left override', '\u202eada'],
    ['a bidi isolate', '\u2066ada'],
    ['a byte order mark', '\ufeffada'],
    ['a soft hyphen', 'a\u00adda'],
    ['a variation selector, which Unicode calls a mark', 'ada\ufe0f'],
    ['a Hangul filler, which Unicode calls a letter', 'ada\u3164'],
    ['a lone surrogate', 'ada\ud800'],
    ['only a combining mark', '\u0301'],
    ['a slash', 'a/b'],
    ['a private use character', 'a\ue000'],
  ])('with %s is refused', (_what, typed) => {
    expect(() => normaliseUsername(typed)).toThrow(InvalidUsernameError)
    expect(isUsername(typed)).toBe(false)
  })

  test('is counted in code points after normalisation', () => {
    expect(isUsername('a'.repeat(maxUsernameLength))).toBe(true)
    expect(isUsername('a'.repeat(maxUsernameLength + 1))).toBe(false)
    expect(isUsername('𝒜'.repeat(maxUsernameLength))).toBe(true)
    expect(isUsername('ß'.repeat(maxUsernameLength))).toBe(false)
  })

  test('that is refused is told why: what was seen and what is allowed', () => {
    expect(() => normaliseUsername('a'.repeat(65))).toThrow('at most 64 characters; this one has 65')
    expect(() => normaliseUsername('a\u202eb')).toThrow(
      'this one has a character that cannot be seen (U+202E)',
    )
    expect(() => normaliseUsername('a b')).toThrow('this one has a space')
    expect(() => normaliseUsername('a/b')).toThrow('this one has the character /')
  })

  test('folded twice is the same as folded once, for all of Unicode', () => {
    const twice = fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (typed) => {
      const once = normalised(typed)
      expect(once === undefined ? undefined : normaliseUsername(once)).toBe(once)
    })
    fc.assert(twice, { numRuns: 2000, examples: [['ẞ'], ['İ'], ['ŉ'], ['ᾳ']] })
  })

  test('is the same name in upper and in lower case', () => {
    const cased = fc.property(fc.stringMatching(/^[\p{L}\p{Nd}._@+-]{1,12}$/u), (typed) => {
      // A capital may be younger than the tables, and its small letter not: U+A7D2 beside U+A7D3.
      fc.pre(normalised(typed) !== undefined)
      expect([undefined, normalised(typed)]).toContain(normalised(typed.toLowerCase()))
    })
    fc.assert(cased, { numRuns: 2000 })
  })

  test('of any type is judged without throwing', () => {
    const judged = fc.property(fc.anything(), (value) => {
      expect(['valid', 'invalid']).toContain(checkUsername(value).kind)
    })
    fc.assert(judged)
  })
})

const normalised = (typed: string): string | undefined => {
  const checked = checkUsername(typed)
  return checked.kind === 'valid' ? checked.normalised : undefined
}

describe('the tables', () => {
  test('have only letters, marks and digits that are visible, and the number of Unicode 16.0', () => {
    let count = 0
    const strange: string[] = []
    for (let point = 0; point <= 0x10ffff; point += 1) {
      if ((point >= 0xd800 && point <= 0xdfff) || letterAt(point) === undefined) continue
      count += 1
      if (!/^(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{M}\p{Nd}]$/u.test(String.fromCodePoint(point)))
        strange.push(`U+${point.toString(16)}`)
    }
    expect(strange).toEqual([])
    expect(count).toBe(143_945)
  })

  // U+A7F1 of Unicode 17 is normalised to S where Node.js knows it.
  test.each(['\u{323B0}', '\uA7F1'])(
    'know no letter that came later, whatever this Node.js knows: %s',
    (letter) => {
      expect(checkUsername(letter)).toMatchObject({
        kind: 'invalid',
        why: expect.stringContaining(`U+${letter.codePointAt(0)?.toString(16).toUpperCase()}`),
      })
    },
  )
})

describe('a new username', () => {
  test.each([
    ['one script', ['Ada', 'Иван', 'أحمد', 'आदित्य', 'Ελένη', '٣٤', 'a1._@+-']],
    [
      'Japanese, Korean or Chinese with Latin',
      ['山田taro', 'ひらがなカタカナ漢字abc', '홍길동kim', '李ㄅx', '日本ー'],
    ],
  ])('may be in %s', (_what, names) => {
    for (const name of names) expect(checkNewUsername(name).kind, name).toBe('valid')
  })

  test.each(['аdа', 'αlpha', 'ひ홍', 'Иvan', 'a٣', '李Иван'])('that mixes scripts is refused: %s', (name) => {
    expect(checkNewUsername(name)).toMatchObject({
      kind: 'invalid',
      why: expect.stringContaining('one script'),
    })
    expect(checkUsername(name).kind).toBe('valid')
  })
})
