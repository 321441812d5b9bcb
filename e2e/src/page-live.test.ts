import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { eventually } from '@grapevine/local-cluster'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import {
  expectAccessible,
  expectNoSidewaysScrolling,
  hasBrowser,
  screenshot,
  startBrowser,
  type FreshBrowser,
} from './people/page-browser.ts'

const launcher = fileURLToPath(new URL('../../apps/budget/dist/dev/main.js', import.meta.url))
const port = 4951
const above = `http://127.0.0.1:${port - 1}`
const urlOf = (index: number): string => `http://127.0.0.1:${port + index}`

/** The sentence above the picture, which moves by itself. */
const headline = async (page: Page, words: RegExp, within = 20_000): Promise<string | null> => {
  const line = page.locator('.gv-headline').filter({ hasText: words })
  await line.waitFor({ timeout: within })
  return line.textContent()
}

const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click()

describe.skipIf(!hasBrowser)('what a newcomer sees of `pnpm dev`', () => {
  let child: ChildProcess
  let dataDir: string
  let browser: FreshBrowser
  let page: Page
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'live-'))
    child = spawn(process.execPath, [launcher], {
      env: { PATH: process.env['PATH'] ?? '', PORT: String(port), DATA_DIR: dataDir },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    browser = await startBrowser()
    page = await browser.open()
    await eventually(async () => (await fetch(above)).body?.cancel(), { within: 40_000 })
  })
  afterAll(async () => {
    await browser[Symbol.asyncDispose]()
    child.kill('SIGINT')
    await once(child, 'exit', { signal: AbortSignal.timeout(20_000) })
    await rm(dataDir, { recursive: true })
  })

  test('three members, linked, holding the same', async () => {
    await page.goto(above)
    expect(await headline(page, /^3 members, all of them linked/)).toBeTruthy()
    await expectAccessible(page)
    await screenshot(page, 'live-before')
  })

  test('a cut: two sides, that hold different data once people sign up on both', async () => {
    await press(page, 'Cut in two')
    expect(await headline(page, /^Split in 2/)).toBeTruthy()
    await press(page, 'Sign up Ada on the left')
    await page.getByText('ada signed up on node-1').first().waitFor()
    await press(page, 'Sign up Bob on the right')
    await page.getByText('bob signed up on node-2').first().waitFor()
    await press(page, 'Log in everywhere')
    await page.getByText('Logged in: bob on 2 of 3, ada on 1 of 3').first().waitFor()
    await page.getByText('The sides hold different data').waitFor()
    expect(await page.locator('.gv-cut').count()).toBe(1)
    await eventually(
      async () =>
        expect(await page.locator('.gv-words').allTextContents()).toEqual([
          expect.stringContaining('1 user · sees most'),
          expect.stringContaining('1 user · sees most'),
          expect.stringContaining('1 user · sees few'),
        ]),
      { within: 20_000 },
    )
    await screenshot(page, 'live-during')

    const inside = await browser.open()
    await inside.goto(`${urlOf(0)}/cluster`)
    expect(await headline(inside, /node-2, node-3 cannot be reached from here/)).toBeTruthy()
    await screenshot(inside, 'cluster-minority')
    await inside.close()
  })

  test('the heal: all hold the same again, everybody in it, without a reload of the page', async () => {
    await press(page, 'Heal')
    expect(await headline(page, /^3 members, all of them linked/, 30_000)).toBeTruthy()
    await page.getByText(/All hold the same, .* after the heal; links were there after/).waitFor()
    await page.getByText(/^cut [\d.]+ s, the same again in [\d.]+ s, 2 more users$/).waitFor()
    expect(await page.getByRole('button', { name: 'Heal', exact: true }).count()).toBe(0)
    await press(page, 'Log in everywhere')
    await page.getByText('Logged in: bob on 3 of 3, ada on 3 of 3').first().waitFor()
    await expectAccessible(page)
    await screenshot(page, 'live-after')
  })

  test('the replay shows the split again, and says that it is the past', async () => {
    await press(page, 'Replay')
    await page.getByText('This is the past').waitFor()
    expect(await headline(page, /^Split in 2/)).toBeTruthy()
    expect(await headline(page, /^3 members, all of them linked/, 40_000)).toBeTruthy()
    await page.getByRole('link', { name: 'Back to now' }).click()
  })

  test('one browser is logged in as two people on two instances', async () => {
    const two = await browser.open()
    for (const [index, username] of ['ada', 'bob'].entries()) {
      await two.goto(`http://node-${index + 1}.localhost:${port + index}/`)
      await two.getByLabel('Username').fill(username)
      await two.getByLabel('Password', { exact: true }).fill(`the password of ${username}`)
      await two.getByRole('button', { name: 'Log in' }).click()
      await two.waitForURL('**/budget')
    }
    for (const [index, username] of ['ada', 'bob'].entries()) {
      await two.goto(`http://node-${index + 1}.localhost:${port + index}/budget`)
      expect(await two.locator('.who-name').textContent()).toBe(username)
    }
    await two.close()
  })

  test('a crash, and a start', async () => {
    await page.getByText('Cut off, stop or crash one instance').click()
    await press(page, 'Crash node-3')
    expect(await headline(page, /^node-3 is down/)).toBeTruthy()
    await page.getByText('Cut off, stop or crash one instance').click()
    await press(page, 'Start node-3')
    expect(await headline(page, /^3 members, all of them linked/, 30_000)).toBeTruthy()
  })

  test('on a phone, in the dark', async () => {
    const phone = await browser.open({ viewport: { width: 360, height: 740 }, colorScheme: 'dark' })
    await phone.goto(above)
    expect(await headline(phone, /3 members/)).toBeTruthy()
    await expectAccessible(phone)
    await expectNoSidewaysScrolling(phone)
    await screenshot(phone, 'phone-dark-live')
  })

  test('another site in the same browser can press no button', async () => {
    const press = (headers: Readonly<Record<string, string>>): Promise<number> =>
      fetch(`${above}/split`, { method: 'POST', headers }).then(({ status }) => status)
    expect(await press({ 'sec-fetch-site': 'cross-site' })).toBe(403)
    expect(await press({ origin: 'http://evil.example' })).toBe(403)
  })
})
