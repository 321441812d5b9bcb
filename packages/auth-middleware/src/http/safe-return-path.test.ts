import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { safeReturnPath } from './safe-return-path.ts'

const ownSite = 'https://own.example'

describe('own paths pass unchanged', () => {
  test.each([
    '/',
    '/budget',
    '/budget/',
    '/budget?month=5&year=2024#totals',
    '/a%20b',
    '/caf%C3%A9',
    '/search?q=https://other.example/%5C',
    '/search?q=100%',
    '/.well-known/x',
    '/a/../b',
    '/@evil.example',
    '/javascript:alert(1)',
  ])('%s', (path) => {
    expect(safeReturnPath(path)).toBe(path)
  })
})

describe('what could lead elsewhere is refused', () => {
  test.each<[unknown]>([
    [''],
    ['budget'],
    ['//evil.example'],
    ['///evil.example'],
    ['/\\evil.example'],
    ['\\\\evil.example'],
    ['/\t/evil.example'],
    ['/\n/evil.example'],
    ['\u0000/evil'],
    [' /budget'],
    ['/budget\r\nSet-Cookie: a=b'],
    ['/a b'],
    ['/é'],
    ['/\u007f'],
    ['/budget?x=\\'],
    ['https://evil.example'],
    ['http:evil.example'],
    ['javascript:alert(1)'],
    ['JaVaScRiPt:alert(1)'],
    ['data:text/html,x'],
    ['/%2fevil.example'],
    ['/%2F%2Fevil.example'],
    ['/%5cevil.example'],
    ['/%5C%5Cevil.example'],
    ['/%09/evil.example'],
    ['/%0d%0aSet-Cookie:a=b'],
    ['/%00'],
    ['/%252fevil.example'],
    ['/%25252fevil.example'],
    ['/%2525252525252fevil.example'],
    ['/.//evil.example'],
    ['/..//evil.example'],
    ['/a/..//evil.example'],
    ['/%2e%2e//evil.example'],
    ['/.%2f/evil.example'],
    ['/%c0%afevil.example'],
    ['/%u002fevil.example'],
    ['/%'],
    ['/%zz'],
    ['/%EF%BC%8Fevil.example'],
    ['/%EF%BC%BCevil.example'],
    [`/${'a'.repeat(1024)}`],
    [undefined],
    [null],
    [7],
    [['/budget']],
    [{ toString: () => '/budget' }],
  ])('%j', (raw) => {
    expect(safeReturnPath(raw)).toBeUndefined()
  })
})

test('the longest path is 1,024 characters', () => {
  const longest = `/${'a'.repeat(1023)}`
  expect(safeReturnPath(longest)).toBe(longest)
})

/** Texts made of what attacks are made of, so that many get close. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '/',
        '\\',
        '//',
        '%2f',
        '%5C',
        '%25',
        '%252F',
        '%09',
        '\t',
        '\n',
        '.',
        '..',
        '%2e',
        '?',
        '#',
      ),
      fc.constantFrom(
        '@',
        ':',
        'evil.example',
        'javascript:',
        'http:',
        '%EF%BC%8F',
        '／',
        '%E2%81%84',
        ';',
        'a',
      ),
      fc.string({ maxLength: 3 }),
    ),
    { maxLength: 10 },
  )
  .map((parts) => parts.join(''))
const candidate = fc.oneof(
  hostile,
  hostile.map((text) => `/${text}`),
  fc.string({ unit: 'binary' }),
  fc.webPath(),
)

test('whatever is accepted stays on the own site, also when decoded again and again', () => {
  let accepted = 0
  fc.assert(
    fc.property(candidate, (raw) => {
      const path = safeReturnPath(raw)
      if (path === undefined) return
      accepted += 1
      expect(path).toBe(raw)
      for (const seen of decodings(path)) {
        for (const text of [seen, seen.normalize('NFKC'), seen.replaceAll('\\', '/')]) {
          expect(new URL(text, ownSite).origin).toBe(ownSite)
          expect(new URL(new URL(text, ownSite).pathname, ownSite).origin).toBe(ownSite)
        }
      }
    }),
    { numRuns: 5000 },
  )
  expect(accepted).toBeGreaterThan(100)
})

const decodings = (path: string): string[] => {
  const all = [path]
  for (let last = path; ;) {
    const [pathname = ''] = last.split(/[?#]/, 1)
    try {
      last = decodeURIComponent(pathname)
    } catch {
      return all
    }
    if (all.includes(last) || last === pathname) return all
    all.push(last)
  }
}
