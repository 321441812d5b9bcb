import { describe, expect, it } from 'vitest'
import { everyPage } from '../testing/every-page.ts'
import { favicon, faviconUrl } from './favicon.ts'
import { dark, light, type Palette } from './palette.ts'
import { showPassword } from './show-password.ts'
import { styleSheet } from './style.ts'
import { testSite } from '../testing/site.ts'
import { tagsOf } from '@grapevine/std/testing'

/** WCAG 2.2, relative luminance and contrast ratio. */
const luminance = (colour: string): number => {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

const contrast = (one: string, other: string): number => {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (lighter + 0.05) / (darker + 0.05)
}

type Pair = readonly [front: keyof Palette, behind: keyof Palette]
const texts: readonly Pair[] = [
  ...(['ink', 'muted', 'accent'] as const).flatMap((front): Pair[] => [
    [front, 'paper'],
    [front, 'card'],
  ]),
  ...(['alive', 'suspect', 'down'] as const).map((state): Pair => [state, 'card']),
  ...(['errorPaper', 'warningPaper', 'noticePaper'] as const).map((behind): Pair => ['ink', behind]),
  ['onAccent', 'accent'],
  ['card', 'down'],
]
const shapes: readonly Pair[] = [
  ['outline', 'card'],
  ['outline', 'paper'],
  ['accent', 'card'],
  ['accent', 'paper'],
]

describe.each([
  ['light', light],
  ['dark', dark],
])('in the %s palette', (_name, palette) => {
  it.each(texts)('%s can be read on %s (WCAG 1.4.3, 4.5 to 1)', (front, behind) => {
    expect(contrast(palette[front], palette[behind])).toBeGreaterThanOrEqual(4.5)
  })

  it.each(shapes)('%s can be seen on %s (WCAG 1.4.11, 3 to 1)', (front, behind) => {
    expect(contrast(palette[front], palette[behind])).toBeGreaterThanOrEqual(3)
  })
})

describe('the style sheet', () => {
  it('styles every class that the pages use, and no other', () => {
    const tags = Object.values(everyPage('ann')).flatMap(tagsOf)
    const ofScript = /className = '([^']+)'/g
    const used = new Set([
      ...tags.flatMap((tag) => tag.attributes.get('class')?.split(' ') ?? []),
      ...[...showPassword.matchAll(ofScript)].flatMap(([, names = '']) => names.split(' ')),
    ])
    const styled = new Set([...styleSheet.matchAll(/\.([a-z][a-z-]*)(?=[\s.:,>{])/g)].map(([, name]) => name))
    expect(styled).toEqual(used)
  })

  it('uses only colours of the palette, and uses them all', () => {
    const used = new Set([...styleSheet.matchAll(/var\(--(\w+)\)/g)].map(([, role]) => role))
    expect(used).toEqual(new Set(Object.keys(light)))
    const rules = styleSheet.slice(styleSheet.indexOf('*, *::before'))
    expect(rules).not.toMatch(/#[0-9a-f]{3,8}\b|rgb|hsl/)
  })

  it('loads nothing', () => {
    expect(styleSheet).not.toMatch(/url\(|@import|@font-face/)
    expect(favicon).not.toMatch(/href|url\(|<script|<image/)
  })

  it('has a URL that changes with its content', () => {
    expect(testSite.styleUrl).toMatch(/^\/style\.css\?v=[\w-]{12}$/)
    expect(faviconUrl).toMatch(/^\/favicon\.svg\?v=[\w-]{12}$/)
    expect(faviconUrl.split('=')[1]).not.toBe(testSite.styleUrl.split('=')[1])
  })

  it('takes the ring from focus only where another takes its place', () => {
    const removed = [...styleSheet.matchAll(/^(.*)\{[^}]*outline:\s*(?:none|0)/gm)].map(
      ([, selector]) => selector,
    )
    // The target of the skip link: no control, and the reader just asked to be there.
    expect(removed).toEqual(['main:focus '])
  })
})
