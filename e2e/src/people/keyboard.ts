import { expect } from 'vitest'
import type { Page } from 'playwright-core'

/** The label of a field, and what is typed into it. */
export type Field = readonly [label: string, text: string]

/** More stops than any page has. */
const mostStops = 60

/** What has the focus, as somebody hears of it who cannot see it. */
const focused = (page: Page): Promise<string> =>
  page.evaluate<string>(`(() => {
    const at = document.activeElement
    if (at === null || at === document.body) return ''
    const label = at.labels?.[0]?.textContent ?? at.getAttribute('aria-label') ?? at.textContent ?? ''
    const role = at.tagName === 'INPUT' ? (at.type === 'radio' ? 'radio' : 'field') : at.tagName === 'A' ? 'link' : at.tagName.toLowerCase()
    return role + ' ' + label.replace(/\\s+/g, ' ').trim()
  })()`)

/** Goes on with Tab until this has the focus; it must come within one round of the page. */
export const pressUntil = async (page: Page, wanted: string): Promise<void> => {
  const passed: string[] = []
  for (let stops = 0; stops < mostStops; stops += 1) {
    const at = await focused(page)
    if (at === wanted) return
    passed.push(at)
    await page.keyboard.press('Tab')
  }
  expect.fail(`Tab never came to ${JSON.stringify(wanted)} on ${page.url()}, but to: ${passed.join(' | ')}`)
}

/** Types over whatever the fields hold. */
export const fillIn = async (page: Page, fields: readonly Field[]): Promise<void> => {
  for (const [label, text] of fields) {
    await pressUntil(page, `field ${label}`)
    await page.keyboard.press('Control+A')
    await page.keyboard.type(text)
  }
}

/** Presses Enter on a link or a button, and waits for the page that it leads to. */
export const activate = async (page: Page, role: 'link' | 'button', name: string): Promise<void> => {
  await pressUntil(page, `${role} ${name}`)
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')])
}

export const headingOf = async (page: Page): Promise<string> =>
  (await page.locator('h1').first().textContent())?.trim() ?? ''
