import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  expectAccessible,
  expectNoSidewaysScrolling,
  hasBrowser,
  screenshot,
  startBrowser,
  type FreshBrowser,
} from './people/page-browser.ts'
import { serveSources, type Served } from './pictures/serve.ts'
import { states } from './pictures/states.ts'
import type { Picture, Source } from '@grapevine/dashboard'

const whole = states['3-whole']
if (whole === undefined) throw new Error('no such state')

/** Answers until it is told to hang. */
const hangable = (picture: Picture): Source & { hang(): void } => {
  let isHanging = false
  return {
    read: () => (isHanging ? new Promise(() => undefined) : Promise.resolve(picture)),
    hang: () => void (isHanging = true),
  }
}

const hanging = hangable(whole)
const sources: Readonly<Record<string, Source>> = {
  ...Object.fromEntries(Object.entries(states).map(([name, state]) => [name, { read: async () => state }])),
  hanging,
}

describe.skipIf(!hasBrowser)('the live view, of recorded moments', () => {
  let served: Served
  let browser: FreshBrowser
  beforeAll(async () => {
    served = await serveSources(sources)
    browser = await startBrowser()
  })
  afterAll(async () => {
    await browser[Symbol.asyncDispose]()
    await served[Symbol.asyncDispose]()
  })

  test('a server that hangs is not live: the connection is open, and what is shown turns grey', async () => {
    const page = await browser.open()
    await page.goto(served.urlOf('hanging'))
    await page.getByText(/^Live\. Last news [01] s ago\.$/).waitFor()
    expect(await page.locator('.gv-old').count()).toBe(0)
    hanging.hang()
    await page.getByText(/^Connected, but silent\. Last news \d+ s ago\.$/).waitFor({ timeout: 10_000 })
    expect(await page.getByRole('status').first().textContent()).toContain('what is shown is the past')
    expect(await page.locator('.gv-old').count()).toBe(1)
    await page.close()
  })

  test.each(Object.keys(states))(
    '%s: no words lie on others or stick out, on a phone of 320 px; axe finds nothing',
    async (name) => {
      const page = await browser.open({ viewport: { width: 320, height: 640 } })
      await page.goto(served.urlOf(name))
      await page.getByText('Live.').waitFor()
      await expectNoSidewaysScrolling(page)
      const found = await page.evaluate<readonly string[]>(overlaps)
      expect(found).toEqual([])
      await expectAccessible(page)
      await screenshot(page, `dashboard-${name}-320`)
      await page.close()
    },
  )

  test('what somebody unfolds by keyboard stays open while the picture moves', async () => {
    const page = await browser.open()
    await page.goto(served.urlOf('30-whole'))
    await page.getByText('Live.').waitFor()
    await page.locator('summary', { hasText: '30 members of which nothing bad is known' }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('node-30', { exact: true }).waitFor()
    await page.getByText(/Last news 0 s/).waitFor()
    expect(await page.locator('details[open]').count()).toBe(1)
    await page.getByRole('region', { name: 'What happened' }).focus()
    expect(await page.evaluate('document.activeElement.className')).toBe('gv-scroll')
    await page.close()
  })

  test('times are in the time zone of whoever reads', async () => {
    const page = await browser.open({ timezoneId: 'Asia/Tokyo', locale: 'en-GB' })
    await page.goto(served.urlOf('3-whole'))
    await page.getByText('Live.').waitFor()
    expect(await page.locator('.gv-events time').first().textContent()).toBe('12:12:01 GMT+9')
    await page.close()
  })

  test('without JavaScript it is a page as of a moment, in UTC', async () => {
    const page = await browser.open({ javaScriptEnabled: false })
    await page.goto(served.urlOf('3-split'))
    expect(await page.locator('.gv-line').textContent()).toMatch(/As of 03:12:05 UTC\./)
    expect(await page.locator('noscript a').count()).toBe(1)
    await page.close()
  })
})

/** Run in the page: pairs of words in the picture that touch, words on a circle that is not theirs, and words outside of the page. */
const overlaps = `(() => {
  const boxes = [...document.querySelectorAll('.gv-ring .gv-node')].flatMap((node) => [
    ...[...node.querySelectorAll('.gv-name, .gv-words')].map((text) => ({ node, what: text.textContent.trim(), box: text.getBoundingClientRect() })),
    ...[...node.querySelectorAll('circle')].slice(0, 1).map((circle) => ({ node, what: 'circle', box: circle.getBoundingClientRect() })),
  ])
  const touches = (a, b) => a.left + 1 < b.right && b.left + 1 < a.right && a.top + 1 < b.bottom && b.top + 1 < a.bottom
  const found = []
  for (const [index, one] of boxes.entries()) {
    if (one.box.left < 0 || one.box.right > innerWidth) found.push(one.what + ' sticks out')
    for (const other of boxes.slice(index + 1)) {
      if (one.node === other.node || (one.what === 'circle' && other.what === 'circle')) continue
      if (touches(one.box, other.box)) found.push(one.what + ' lies on ' + other.what + ' of ' + other.node.dataset.key)
    }
  }
  return found
})()`
