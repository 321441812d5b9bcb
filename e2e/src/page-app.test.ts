import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Cluster } from '@grapevine/local-cluster'
import type { Page } from 'playwright-core'
import { startBudget } from './cluster/budget-cluster.ts'
import {
  expectAccessible,
  expectNoSidewaysScrolling,
  hasBrowser,
  screenshot,
  startBrowser,
  type FreshBrowser,
} from './people/page-browser.ts'

const password = 'correct horse battery'

const signUp = async (page: Page, url: string, username: string): Promise<void> => {
  await page.goto(`${url}/signup`)
  await page.getByLabel('Username').fill(username)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign up' }).click()
  await page.getByRole('status').filter({ hasText: 'You are signed up.' }).waitFor()
  expect(await page.getByLabel('Username').inputValue()).toBe(username)
}

const logIn = async (page: Page, url: string, username: string): Promise<void> => {
  await page.goto(url)
  await page.getByLabel('Username').fill(username)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByRole('heading', { name: 'Budget', exact: true }).waitFor()
}

const addEntry = async (
  page: Page,
  what: string,
  amount: string,
  kind: 'Spent' | 'Received',
): Promise<void> => {
  await page.getByLabel('What for').fill(what)
  await page.getByLabel('Amount, such as 12.50').fill(amount)
  await page.getByLabel(kind).check()
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByRole('row').filter({ hasText: what }).waitFor()
}

describe.skipIf(!hasBrowser)('in a real browser', () => {
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

  test('who signs up on one instance logs in on another, and finds the same budget on both', async () => {
    const page = await browser.open()
    await signUp(page, one(), 'ada')
    await logIn(page, two(), 'ada')
    await addEntry(page, 'Wages', '1500', 'Received')
    await addEntry(page, 'Rent', '600,50', 'Spent')
    expect(await page.locator('.total').textContent()).toBe('899.50')
    await screenshot(page, 'budget')

    const elsewhere = await browser.open()
    await logIn(elsewhere, one(), 'ada')
    expect(await elsewhere.locator('.total').textContent()).toBe('899.50')
    await elsewhere.getByRole('button', { name: 'Remove Rent' }).click()
    await elsewhere.getByText('1,500.00').first().waitFor()
    await page.goto(`${two()}/budget`)
    expect(await page.locator('.total').textContent()).toBe('1,500.00')
  })

  test('nobody sees or removes what is not theirs', async () => {
    const page = await browser.open()
    await signUp(page, one(), 'eve')
    await logIn(page, two(), 'eve')
    expect(await page.getByText('There are none yet').count()).toBe(1)
  })

  test('an amount that is none comes back to be corrected', async () => {
    const page = await browser.open()
    await logIn(page, one(), 'ada')
    await page.getByLabel('What for').fill('Bread')
    await page.getByLabel('Amount, such as 12.50').fill('a few')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    expect(await page.getByRole('alert').textContent()).toContain('Type an amount')
    expect(await page.getByLabel('What for').inputValue()).toBe('Bread')
  })

  test('what was removed can be had back, by keyboard alone', async () => {
    const page = await browser.open({ viewport: { width: 320, height: 640 } })
    await signUp(page, one(), 'undine')
    await logIn(page, two(), 'undine')
    await addEntry(page, 'A long word: Donaudampfschifffahrtsgesellschaft', '1,234.50', 'Received')
    await expectNoSidewaysScrolling(page)
    const row = page.getByRole('row').filter({ hasText: 'A long word' })
    const { width = 0 } = (await row.getByRole('rowheader').boundingBox()) ?? {}
    expect(width, 'room for more than a letter').toBeGreaterThan(200)
    await row.getByRole('button').focus()
    await page.keyboard.press('Enter')
    await page.getByRole('status').filter({ hasText: 'Removed' }).waitFor()
    expect(await row.count()).toBe(0)
    await page.getByRole('button', { name: 'Undo' }).focus()
    await page.keyboard.press('Enter')
    await row.waitFor()
    expect(await page.locator('.total').textContent()).toBe('1,234.50')
  })

  test('a password can be seen while it is typed, and is sent hidden', async () => {
    const page = await browser.open()
    await page.goto(`${one()}/signup`)
    const field = page.getByLabel('Password')
    const show = page.getByRole('button', { name: 'Show' })
    await show.click()
    expect(await field.getAttribute('type')).toBe('text')
    await page.getByRole('button', { name: 'Hide' }).click()
    expect(await field.getAttribute('type')).toBe('password')
    await expectAccessible(page)
  })

  test('a changed password opens the account on every instance, and ends the other sessions', async () => {
    const [here, there] = [await browser.open(), await browser.open()]
    await signUp(here, one(), 'cyd')
    await logIn(here, one(), 'cyd')
    await logIn(there, two(), 'cyd')
    await here.goto(`${one()}/account/password`)
    await here.getByLabel('Password now').fill(password)
    await here.getByLabel('New password').fill('another horse altogether')
    await here.getByRole('button', { name: 'Change password' }).click()
    await here.getByText('Your password is changed').waitFor()
    await there.goto(`${two()}/budget`)
    expect(await there.getByRole('heading', { name: 'Log in' }).count()).toBe(1)
  })

  test('all of it works without JavaScript: a new name, and leaving', async () => {
    const page = await browser.open({ javaScriptEnabled: false })
    await signUp(page, one(), 'dan')
    await logIn(page, two(), 'dan')
    await addEntry(page, 'Bread', '3.20', 'Spent')
    await page.goto(`${two()}/account/name`)
    await page.getByLabel('New username').fill('daniel')
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Change name' }).click()
    await page.getByText('You have a new name').waitFor()
    await page.goto(`${one()}/cluster`)
    await page.getByText('2 members, all of them linked').waitFor()
    await page.goto(`${two()}/account/erase`)
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Erase for good' }).click()
    expect(await page.getByText('Your account and all that was yours are erased.').count()).toBe(1)
  })

  test('every page is fit for a phone and for everybody, in the light and in the dark', async () => {
    const page = await browser.open({ viewport: { width: 320, height: 740 } })
    const check = async (path: string): Promise<void> => {
      await page.goto(`${one()}${path}`)
      await expectAccessible(page)
      await expectNoSidewaysScrolling(page)
      await screenshot(page, `phone${path.replaceAll('/', '-')}`)
    }
    for (const path of ['/', '/signup', '/cluster', '/nothing-here']) await check(path)
    await logIn(page, one(), 'ada')
    expect(page.url()).toBe(`${one()}/budget`)
    for (const path of ['', '/name', '/password', '/sessions', '/erase']) await check(`/account${path}`)
    await check('/budget')
  })
})
