import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { html as tag, type Html, type Interpolation, render } from './html.ts'

// Called `tag` here because the formatter lays out templates called `html`, and these test every space and quote.

const special = fc.constantFrom(
  '<',
  '>',
  '"',
  "'",
  '&',
  '&amp;',
  '&#39',
  '</p>',
  '-->',
  '=',
  '`',
  '\0',
  '\ud800',
)
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.oneof(special, fc.string()), { maxLength: 20 }).map((parts) => parts.join('')),
)

const decode = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')

const between = (text: string, before: string, after: string): string => {
  expect(text.startsWith(before)).toBe(true)
  expect(text.endsWith(after)).toBe(true)
  return text.slice(before.length, text.length - after.length)
}

describe('an interpolated string', () => {
  const places: [string, (text: string) => Html, string, string][] = [
    ['text', (text) => tag`<p>${text}</p>`, '<p>', '</p>'],
    ['a double-quoted attribute', (text) => tag`<p title="${text}"></p>`, '<p title="', '"></p>'],
    ['a single-quoted attribute', (text) => tag`<p title='${text}'></p>`, "<p title='", "'></p>"],
    ['an attribute fragment', (text) => tag`<p${tag` title="${text}"`}></p>`, '<p title="', '"></p>'],
    ['an array', (text) => tag`<p>${[text]}</p>`, '<p>', '</p>'],
  ]

  it.each(places)('cannot break out of %s, and reads as it was given', (_place, page, before, after) => {
    fc.assert(
      fc.property(hostile, (text) => {
        const inside = between(render(page(text)), before, after)
        expect(inside).not.toMatch(/[<>"']/)
        expect(inside).not.toMatch(/&(?!(?:amp|lt|gt|quot|#39);)/)
        expect(decode(inside)).toBe(text)
      }),
    )
  })

  it('is refused inside a tag but outside quotes, where escaping would not help', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(() => tag`<p title=${text}></p>`).toThrow(TypeError)
        expect(() => tag`<p ${text}></p>`).toThrow(TypeError)
        expect(() => tag`<${text}></p>`).toThrow(TypeError)
        expect(() => tag`<p ${[tag``, text]}></p>`).toThrow(TypeError)
      }),
    )
  })
})

describe('html', () => {
  it('keeps markup that it made itself, and joins arrays of it without a separator', () => {
    const items = ['a&b', 'c'].map((item) => tag`<li>${item}</li>`)
    expect(render(tag`<ul>${items}</ul>`)).toBe('<ul><li>a&amp;b</li><li>c</li></ul>')
  })

  it('writes undefined as nothing and a number as its digits', () => {
    expect(render(tag`<p>${undefined}${0}</p>`)).toBe('<p>0</p>')
  })

  it('cannot be forged by an object that only looks like markup', () => {
    const forged: Record<string, Interpolation> = JSON.parse(
      '{"value":{"markup":"<b>","Symbol(markup)":"<b>"}}',
    )
    expect(() => tag`<p>${forged['value']}</p>`).toThrow(TypeError)
  })

  it('knows a quote in text from a quote in a tag', () => {
    expect(render(tag`<p>it's ${'<'}</p>`)).toBe("<p>it's &lt;</p>")
    expect(render(tag`<p title='a "b"' ${tag`lang="en"`}></p>`)).toBe(`<p title='a "b"' lang="en"></p>`)
  })
})
