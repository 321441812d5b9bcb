import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startBudget } from './cluster/budget-cluster.ts'
import { activate, fillIn, headingOf, pressUntil, type Field } from './people/keyboard.ts'
import {
  expectAccessible,
  expectNoSidewaysScrolling,
  hasBrowser,
  screenshot,
  startBrowser,
  type FreshBrowser,
} from './people/page-browser.ts'
import type { Cluster } from '@grapevine/local-cluster'
import type { Page } from 'playwright-core'

const password = 'correct horse battery'
const noScripts = { javaScriptEnabled: false }

const credentials = (username: string): readonly Field[] => [
  ['Username', username],
  ['Password', password],
]

const signUp = async (page: Page, url: string, username: string): Promise<void> => {
  await page.goto(`${url}/signup`)
  await fillIn(page, credentials(username))
  await activate(page, 'button', 'Sign up')
  expect(await headingOf(page)).toBe('Log in')
}

/** On the log-in form that is open. */
const logIn = async (page: Page, username: string): Promise<void> => {
  await fillIn(page, credentials(username))
  await activate(page, 'button', 'Log in')
}

/** Another tab of the same browser. */
const tabBeside = async (page: Page, url: string): Promise<Page> => {
  const tab = await page.context().newPage()
  await tab.goto(url)
  return tab
}

const addEntry = async (page: Page, label: string): Promise<void> => {
  await fillIn(page, [
    ['What for', label],
    ['Amount, such as 12.50', '12.50'],
  ])
  await activate(page, 'button', 'Add')
}

describe.skipIf(!hasBrowser)('no dead ends, by keyboard alone and without JavaScript', () => {
  let cluster: Cluster
  let browser: FreshBrowser
  beforeAll(async () => {
    browser = await startBrowser()
    cluster = await startBudget(2)
  })
  afterAll(async () => {
    await browser[Symbol.asyncDispose]()
    await cluster.stop()
  })
  const [one, two] = [(): string => cluster.node(0).url, (): string => cluster.node(1).url]

  /** Held against axe in a browser that may run it, with the style sheet of the app. */
  const look = async (page: Page, name: string): Promise<void> => {
    await expectNoSidewaysScrolling(page)
    await screenshot(page, `door-${name}`)
    const reader = await browser.open()
    const markup = await page.content()
    await reader.route('**/as-it-was', (route) => route.fulfill({ contentType: 'text/html', body: markup }))
    await reader.goto(new URL('/as-it-was', page.url()).href)
    await expectAccessible(reader)
    await reader.context().close()
  }
  const member = async (username: string, url = one()): Promise<Page> => {
    const page = await browser.open(noScripts)
    await signUp(page, url, username)
    await logIn(page, username)
    expect(await headingOf(page)).toBe('Budget')
    return page
  }

  test('two tabs of the log-in, opened before there was a cookie: the first works after the second', async () => {
    await (await member('tab')).context().close()
    const first = await browser.open(noScripts)
    await first.goto(one())
    const second = await tabBeside(first, one())
    await logIn(second, 'tab')
    expect(await headingOf(second)).toBe('Budget')
    await first.bringToFront()
    await logIn(first, 'tab')
    expect(await headingOf(first)).toBe('Log in')
    expect(await first.getByRole('alert').textContent()).toContain('out of date')
    expect(await first.getByLabel('Username').inputValue()).toBe('tab')
    await look(first, 'second-tab')
    await fillIn(first, [['Password', password]])
    await activate(first, 'button', 'Log in')
    expect(await headingOf(first)).toBe('Budget')
  })

  test('the same sign-up form, sent from two tabs: one account, which opens', async () => {
    const first = await browser.open(noScripts)
    await first.goto(`${one()}/signup`)
    const second = await tabBeside(first, `${one()}/signup`)
    for (const tab of [first, second]) {
      await tab.bringToFront()
      await fillIn(tab, credentials('twice'))
      await activate(tab, 'button', 'Sign up')
      expect(await headingOf(tab)).toBe('Log in')
      expect(await tab.getByRole('status').textContent()).toContain('You are signed up')
    }
    await look(second, 'signed-up')
    await second.goto(two())
    await logIn(second, 'twice')
    expect(await headingOf(second)).toBe('Budget')
  })

  test('Enter pressed twice on the sign-up form: one account, which opens', async () => {
    const page = await browser.open(noScripts)
    await page.goto(`${one()}/signup`)
    await fillIn(page, credentials('eager'))
    await pressUntil(page, 'button Sign up')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Log in', level: 1 }).waitFor()
    await page.goto(two())
    await logIn(page, 'eager')
    expect(await headingOf(page)).toBe('Budget')
  })

  test('a log-in form whose cookie the browser has lost comes back, filled in, and works', async () => {
    await (await member('forgetful')).context().close()
    const page = await browser.open(noScripts)
    await page.goto(one())
    await page.context().clearCookies()
    await logIn(page, 'forgetful')
    expect(await page.getByRole('alert').textContent()).toContain('Please send it again')
    expect(await page.getByLabel('Username').inputValue()).toBe('forgetful')
    await look(page, 'stale-log-in')
    await fillIn(page, [['Password', password]])
    await activate(page, 'button', 'Log in')
    expect(await headingOf(page)).toBe('Budget')
  })

  test('an entry that was typed before a log-in in another tab is kept, and can be sent', async () => {
    const page = await member('typist')
    await fillIn(page, [['What for', 'Bread']])
    const other = await tabBeside(page, `${one()}/account`)
    await activate(other, 'button', 'Log out')
    await logIn(other, 'typist')
    await page.bringToFront()
    await fillIn(page, [['Amount, such as 12.50', '3.20']])
    await activate(page, 'button', 'Add')
    expect(await page.getByLabel('What for').inputValue()).toBe('Bread')
    expect(await page.getByLabel('Amount, such as 12.50').inputValue()).toBe('3.20')
    await look(page, 'stale-entry')
    await activate(page, 'button', 'Add')
    expect(await page.getByRole('row').filter({ hasText: 'Bread' }).count()).toBe(1)
  })

  test('log-out in two tabs: both are logged out, and Back shows nothing private', async () => {
    const page = await member('leaver')
    await addEntry(page, 'A secret thing')
    const other = await tabBeside(page, `${one()}/account`)
    await activate(other, 'button', 'Log out')
    expect(await other.getByRole('status').textContent()).toContain('You are logged out')
    await look(other, 'logged-out')
    await page.bringToFront()
    await activate(page, 'button', 'Log out')
    expect(await headingOf(page)).toBe('Log in')
    await page.goBack()
    expect(await page.getByText('A secret thing').count()).toBe(0)
    expect(await page.getByText('leaver').count()).toBe(0)
  })

  test('a space after the name, as keyboards of phones add it, is no other name', async () => {
    await (await member('spaced')).context().close()
    const page = await browser.open(noScripts)
    await page.goto(two())
    await logIn(page, 'spaced ')
    expect(await headingOf(page)).toBe('Budget')
  })

  test('what is wrong with a form is told where it is, and typing starts there', async () => {
    const page = await browser.open(noScripts)
    await page.goto(`${one()}/signup`)
    await fillIn(page, [
      ['Username', 'a b'],
      ['Password', password],
    ])
    await activate(page, 'button', 'Sign up')
    expect(await page.getByRole('alert').textContent()).toContain('this one has a space')
    expect(await page.getByLabel('Username').getAttribute('aria-invalid')).toBe('true')
    await look(page, 'wrong-name')
    // Without a step: the focus is in the field already.
    await page.keyboard.press('Control+A')
    await page.keyboard.type('corrected')
    await fillIn(page, [['Password', password]])
    await activate(page, 'button', 'Sign up')
    expect(await headingOf(page)).toBe('Log in')
  })

  test('an entry that was removed can be had back', async () => {
    const page = await member('undoer')
    await addEntry(page, 'Rent')
    await activate(page, 'button', 'Remove Rent')
    await look(page, 'removed')
    await activate(page, 'button', 'Undo the removal of Rent')
    expect(await page.getByRole('row').filter({ hasText: 'Rent' }).count()).toBe(1)
  })

  test('pages of what went wrong know who is logged in, and lead on', async () => {
    const page = await member('lost')
    await page.goto(`${one()}/nowhere`)
    expect(await page.getByText('lost', { exact: true }).count()).toBe(1)
    await look(page, 'not-found')
    await activate(page, 'link', 'Go back to Grapevine Budget')
    expect(await headingOf(page)).toBe('Budget')
  })

  test('everything fits on the smallest phone, and can be seen with forced colours', async () => {
    const page = await browser.open({ ...noScripts, viewport: { width: 320, height: 640 } })
    await signUp(page, one(), 'small')
    await logIn(page, 'small')
    await addEntry(page, 'A word thatisverylongandhasnoplacetobreakatallinit')
    await look(page, 'phone-budget')
    await page.goto(`${one()}/account/password`)
    await look(page, 'phone-password')
    await page.goto(`${one()}/account/devices`)
    await look(page, 'phone-devices')
    await page.emulateMedia({ forcedColors: 'active' })
    await page.goto(`${one()}/budget`)
    await screenshot(page, 'door-forced-colours')
    // The link of the page that is open is the only one with a line below it.
    const lines = await page.evaluate<readonly string[]>(`
      [...document.querySelectorAll('.nav a')].map((link) => getComputedStyle(link).borderBottomColor)
    `)
    expect(new Set(lines).size).toBe(2)
    expect(lines.filter((line) => line === lines[0])).toHaveLength(1)
  })
})
