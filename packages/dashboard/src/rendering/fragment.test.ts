import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fragment } from './fragment.ts'
import { member, pictureOf } from '../testing/pictures.ts'
import type { MemberState, Picture } from '../picture.ts'

const states: readonly MemberState[] = ['alive', 'suspect', 'down', 'left']
const members = states.map((state, index) => member(`node-${index + 1}`, { state }))

const full = (text: string): Picture =>
  pictureOf(
    members.map((each) => ({ ...each, id: `${each.id}${text}`, name: text })),
    {
      contested: [text],
      traffic: [{ name: text, bytesIn: 12, bytesOut: 3_400_000, refused: 1 }],
      events: [{ at: 0, text }],
    },
  )

describe('the fragment', () => {
  test('tells each state by a word and by a shape of its own', () => {
    const marks = [
      ...fragment(pictureOf(members)).matchAll(/<span class="gv-state gv-(\w+)">([\s\S]*?)<\/span/g),
    ]
    expect(marks.map(([, state]) => state)).toEqual(states)
    const shapes = marks.map(([, , shape]) => shape?.replaceAll(/alive|suspect|down|left/g, ''))
    expect(new Set(shapes).size).toBe(states.length)
  })

  test('draws a line for each link and a cross for each that is cut', () => {
    const [a, b, c] = [member('node-1'), member('node-2'), member('node-3')]
    const markup = fragment(pictureOf([a, b, c], { links: [[b.id, a.id]] }))
    expect(markup.match(/gv-link gv-linked/g)).toHaveLength(1)
    expect(markup.match(/gv-link gv-cut/g)).toHaveLength(2)
  })

  test('gives a letter to each group, and more than its letter to the lesser one', () => {
    const markup = fragment(
      pictureOf([member('node-1'), member('node-2'), member('node-3', { digest: 'd2' })]),
    )
    expect([...markup.matchAll(/class="gv-letter"[^>]*>\s*(\w)/g)].map(([, letter]) => letter)).toEqual([
      'A',
      'A',
      'B',
    ])
    expect(markup.match(/class="gv-other"/g)).toHaveLength(1)
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
    expect(fragment(pictureOf(many)).length).toBeLessThan(300_000)
  })
})
