import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { expect } from 'vitest'
import { executablePath, launchChromium } from './chromium.ts'
import type { BrowserContextOptions, Page } from 'playwright-core'

/** Whether the tests of the pages can run; says it aloud if they cannot. */
export const hasBrowser: boolean = existsSync(executablePath)
if (!hasBrowser) {
  process.stdout.write(
    `SKIPPED: tests in a real browser, for ${executablePath} does not exist (set CHROMIUM)\n`,
  )
}

/** A browser that has never been used, and of which nothing is left. */
export interface FreshBrowser extends AsyncDisposable {
  /** A window of its own: own cookies, and whatever else is asked for. What goes wrong in its pages fails the test. */
  open(options?: BrowserContextOptions): Promise<Page>
}

export const startBrowser = async (): Promise<FreshBrowser> => {
  const { browser, close } = await launchChromium()
  return {
    open: async (options = {}) => {
      const context = await browser.newContext({ viewport: { width: 900, height: 900 }, ...options })
      context.setDefaultTimeout(30_000)
      const page = await context.newPage()
      // Among them what the content security policy does not allow.
      page.on('pageerror', (error) => expect.fail(`in the page: ${error.message}`))
      return page
    },
    [Symbol.asyncDispose]: close,
  }
}

const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** Nothing that axe calls serious or critical, in the light and in the dark, which differ in their contrasts. */
export const expectAccessible = async (page: Page): Promise<void> => {
  await page.evaluate(await readFile(axeFile, 'utf8'))
  await page.emulateMedia({ colorScheme: 'light' })
  await expectNothingSerious(page, '{}')
  await page.emulateMedia({ colorScheme: 'dark' })
  await expectNothingSerious(page, "{ runOnly: ['color-contrast'] }")
  await page.emulateMedia({ colorScheme: null })
}

const expectNothingSerious = async (page: Page, options: string): Promise<void> => {
  const found = await page.evaluate<
    readonly { readonly id: string; readonly impact: string; readonly where: string }[]
  >(`
    axe.run(${options}).then(({ violations }) => violations.map(({ id, impact, nodes }) => ({
      id, impact, where: nodes.map(({ target }) => target.join(' ')).join(', '),
    })))
  `)
  expect(found.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([])
}

/** Nothing sticks out to the side. */
export const expectNoSidewaysScrolling = async (page: Page): Promise<void> => {
  const widths = await page.evaluate<readonly [number, number]>(
    '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
  )
  expect(widths[0], page.url()).toBeLessThanOrEqual(widths[1])
}

/** Kept only when `SCREENSHOTS` names a folder, for the documentation. */
export const screenshot = async (page: Page, name: string): Promise<void> => {
  const folder = process.env['SCREENSHOTS']
  if (folder === undefined) return
  await mkdir(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}
