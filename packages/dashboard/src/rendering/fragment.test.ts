import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fragment } from './fragment.ts'
import { member, members, pictureOf, silent } from '../testing/pictures.ts'
import type { MemberState, Picture } from '../picture.ts'

const states: readonly MemberState[] = ['alive', 'suspect', 'down', 'left']
const each = states.map((state, index) => member(`node-${index + 1}`, { state }))

const full = (text: string): Picture =>
  pictureOf(
    each.map((one) => ({ ...one, id: `${one.id}${text}`, name: text })),
    {
      contested: [{ name: text, accounts: [text] }],
      traffic: [{ name: text, bytesIn: 12, bytesOut: 3_400_000, refused: 1 }],
      events: [{ at: 0, text }],
    },
  )

describe('the fragment', () => {
  test('tells each state by a word and by a shape of its own', () => {
    const marks = [
      ...fragment(pictureOf(each)).matchAll(/<span class="gv-state gv-(\w+)">([\s\S]*?)<\/span/g),
    ]
    expect(marks.map(([, state]) => state)).toEqual(['suspect', 'down', 'alive', 'left'])
    const shapes = marks.map(([, , shape]) => shape?.replaceAll(/alive|suspect|down|left/g, ''))
    expect(new Set(shapes).size).toBe(states.length)
  })

  test('draws a line for each link of a few, and one cross for each gap between sides', () => {
    const [a, b, c] = [member('node-1'), member('node-2'), member('node-3')]
    const markup = fragment(pictureOf([a, b, c], { links: [[b.id, a.id]] }))
    expect(markup.match(/gv-link gv-linked/g)).toHaveLength(1)
    expect(markup.match(/gv-link gv-cut/g)).toHaveLength(1)
  })

  test('draws no cut to a member that does not answer: nobody knows whom it reaches', () => {
    const [a, b] = [member('node-1'), member('node-2')]
    const picture = pictureOf([a, b, silent('node-3')], { links: [[a.id, b.id]] })
    expect(fragment(picture)).not.toContain('gv-cut')
  })

  test('of many members draws only the links that are missing', () => {
    const many = members(9)
    const whole = pictureOf(many)
    expect(fragment(whole)).not.toContain('gv-link')
    const [[one, other] = ['', ''], ...rest] = whole.links
    const markup = fragment(pictureOf(many, { links: rest }))
    expect(
      [...markup.matchAll(/gv-link gv-(\w+)" data-key="([^"]*)"/g)].map(([, ...found]) => found),
    ).toEqual([['apart', `${one} ${other}`]])
  })

  test('folds away those of many that nothing bad is known of, and shows the others first', () => {
    const many = members(30).with(17, member('node-18', { digest: 'd2' }))
    const markup = fragment(pictureOf(many))
    expect(markup).toContain('29 members of which nothing bad is known')
    const rows = [...markup.matchAll(/<tr data-key="([^"]*)"/g)].map(([, key]) => key)
    expect(rows[0]).toBe('id of node-18')
    expect(rows).toHaveLength(30)
    expect(markup).toContain('<text class="gv-count" dy="4">29</text>')
  })

  test.each(['javascript:alert(1)', ' JaVaScRiPt:alert(1)', 'data:text/html,x', '//evil', ''])(
    'links to a member only where the web is: not to %j',
    (url) => {
      expect(fragment(pictureOf([member('node-1', { url })]))).not.toContain('href')
    },
  )

  test('is not changed in its tags by any text that it is given', () => {
    const skeleton = (markup: string): readonly string[] =>
      [...markup.matchAll(/<\/?[a-z][^>"]*(?:"[^"]*"[^>"]*)*>/g)].map(([tag]) =>
        tag.replaceAll(/"[^"]*"/g, ''),
      )
    const plain = skeleton(fragment(full('ann')))
    const hostile = fc.array(
      fc.oneof(
        fc.constantFrom('<script>', '"', "'", '>', ' onload=x ', '-->', '</title>'),
        fc.string({ unit: 'grapheme' }),
      ),
      { maxLength: 6 },
    )
    fc.assert(
      fc.property(hostile, (parts) => {
        expect(skeleton(fragment(full(parts.join(''))))).toEqual(plain)
      }),
      { numRuns: 50 },
    )
  })

  test('stays of a bounded size with many members', () => {
    const many = Array.from({ length: 200 }, (_, index) => member(`node-${index}`))
    expect(fragment(pictureOf(many)).length).toBeLessThan(150_000)
  })
})
