import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { everyPage } from '../testing/every-page.ts'
import { showPasswordUrl } from '../markup/show-password.ts'
import { testSite } from '../testing/site.ts'
import { type Tag, tagsOf } from '@grapevine/std/testing'

const everyPageOnce = Object.entries(everyPage('ann'))

const opening = (page: string, name: string): readonly Tag[] =>
  tagsOf(page).filter((tag) => tag.kind === 'open' && (tag.name === name || tag.name === `${name}/`))

const attribute = (tags: readonly Tag[], name: string): readonly string[] =>
  tags.flatMap((tag) => tag.attributes.get(name) ?? [])

/** What an injection would change: which tags with which attributes, in which order. */
const skeleton = (page: string): readonly string[] =>
  tagsOf(page).map(({ kind, name, attributes }) => [kind, name, ...attributes.keys()].join(' '))

describe.each(everyPageOnce)('the page %s', (_name, page) => {
  it('is a whole document in a named language', () => {
    expect(page).toMatch(/^<!doctype html>\s*<html lang="en">/)
    expect(attribute(opening(page, 'meta'), 'charset')).toEqual(['utf-8'])
    expect(attribute(opening(page, 'meta'), 'name')).toContain('viewport')
  })

  it('has one title, one h1, and one of each landmark', () => {
    for (const name of ['title', 'h1', 'header', 'nav', 'main', 'footer']) {
      expect([name, opening(page, name).length]).toEqual([name, 1])
    }
    expect(page).toMatch(/<title>[^<]+ · Grapevine Budget<\/title>/)
  })

  it('says which instance served it', () => {
    expect(page).toMatch(/<footer class="foot">served by <bdi>ann<\/bdi><\/footer>/)
  })

  it('labels every input that can be seen', () => {
    const seen = opening(page, 'input').filter((tag) => tag.attributes.get('type') !== 'hidden')
    const labels = attribute(opening(page, 'label'), 'for')
    expect(labels).toEqual(seen.map((tag) => tag.attributes.get('id')))
  })

  it('gives each id once, and refers only to ids that it gave', () => {
    const ids = tagsOf(page).flatMap((tag) => tag.attributes.get('id') ?? [])
    expect(new Set(ids).size).toBe(ids.length)
    const described = attribute(opening(page, 'input'), 'aria-describedby').flatMap((text) => text.split(' '))
    for (const id of described) expect(ids).toContain(id)
    const anchors = attribute(opening(page, 'a'), 'href').filter((href) => href.startsWith('#'))
    expect(anchors).toEqual(['#main'])
    expect(ids).toContain('main')
  })

  it('has the anti-forgery token in every form, and posts each', () => {
    const forms = page.match(/<form[\s\S]*?<\/form>/g) ?? []
    for (const form of forms) {
      expect(form).toMatch(/^<form method="post" action="\//)
      expect(form).toContain('<input type="hidden" name="_csrf" value="ann" />')
    }
    expect(forms.length).toBe(opening(page, 'form').length)
  })

  it('has no focus to fight over', () => {
    expect(opening(page, 'input').filter((tag) => tag.attributes.has('autofocus')).length).toBeLessThan(2)
    expect(tagsOf(page).flatMap((tag) => tag.attributes.get('tabindex') ?? [])).toEqual(['-1'])
  })

  it('loads a script only where it asks for a password, to show it; carries no style of its own, and loads only the style sheet and the mark', () => {
    const asks = attribute(opening(page, 'input'), 'type').includes('password')
    const isAboutPasswords =
      asks && !page.includes('name="device"') && !page.includes('action="/account/twin"')
    expect(attribute(opening(page, 'script'), 'src')).toEqual(isAboutPasswords ? [showPasswordUrl] : [])
    expect(page).not.toMatch(/<script[^>]*>[^<]/)
    for (const name of ['style', 'img', 'iframe']) expect(opening(page, name)).toEqual([])
    const attributes = tagsOf(page).flatMap((tag) => [...tag.attributes.keys()])
    expect(attributes.filter((name) => name === 'style' || name.startsWith('on'))).toEqual([])
    const loaded = attribute(opening(page, 'link'), 'href')
    expect(loaded).toEqual([expect.stringMatching(/^\/favicon\.svg\?v=[\w-]{12}$/), testSite.styleUrl])
  })
})

describe('text that a page is given', () => {
  const hostile = fc.array(
    fc.oneof(
      fc.constantFrom(
        '<script>',
        '</title>',
        '<h1>',
        '"',
        "'",
        '>',
        ' onfocus=alert(1) autofocus ',
        '&lt;',
        '-->',
      ),
      fc.string({ unit: 'grapheme', minLength: 1 }),
    ),
    { minLength: 1, maxLength: 8 },
  )

  it('never changes which tags and attributes a page has', () => {
    const expected = Object.entries(everyPage('ann')).map(([name, page]) => [name, skeleton(page)])
    fc.assert(
      fc.property(hostile, (parts) => {
        const seen = Object.entries(everyPage(parts.join(''))).map(([name, page]) => [name, skeleton(page)])
        expect(seen).toEqual(expected)
      }),
      { numRuns: 50 },
    )
  })
})
