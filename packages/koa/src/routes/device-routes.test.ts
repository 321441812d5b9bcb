import { expect, test } from 'vitest'
import { servedInstance, member } from '../testing/served-instance.ts'
import type { Browser } from '../testing/browser.ts'

const phone = {
  'User-Agent': 'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36',
}
const password = 'a password that is long'

const logIn = async (browser: Browser, headers = {}): Promise<Browser> => {
  await browser.submit('/', { username: 'ada', password }, headers)
  return browser
}

const idsIn = (text: string): string[] =>
  [...text.matchAll(/name="device"\s+value="([^"]+)"/g)].map(([, id = '']) => id)

test('lists where one is logged in, and logs one of them out', async () => {
  const { browser } = await servedInstance()
  const laptop = await member(browser())
  const other = await logIn(browser(), phone)
  const { text } = await laptop.get('/account/devices')
  expect(text).toContain('Chrome on Android')
  expect(text).toContain('(this one)')
  const [latest = ''] = idsIn(text)
  expect(idsIn(text)).toHaveLength(2)
  expect((await laptop.submit('/account/devices', { device: latest, password: 'wrong' })).text).toContain(
    'The current password is wrong.',
  )
  const ended = await laptop.submit('/account/devices', { device: latest, password })
  expect([ended.status, ended.headers.location]).toEqual([302, '/account/devices?done=device'])
  expect((await other.get('/account')).status).toBe(302)
  expect((await laptop.get('/account')).status).toBe(200)
})

test('tells on every page that something happened since the last log-in, until it was read', async () => {
  const { browser } = await servedInstance()
  const laptop = await member(browser())
  expect((await laptop.get('/account')).text).not.toContain('Something happened')
  await logIn(browser(), phone)
  await logIn(laptop)
  expect((await laptop.get('/account/name')).text).toContain('Something happened to your account')
  const { text } = await laptop.get('/account/devices')
  expect(text).toContain('Somebody logged in on a new device:')
  expect(text).toContain('Chrome on Android')
  expect((await laptop.get('/account/devices')).text).not.toContain('Somebody logged in')
  expect((await laptop.get('/account')).text).not.toContain('Something happened')
})

test('tells that the password was changed elsewhere', async () => {
  const { browser } = await servedInstance()
  const laptop = await member(browser())
  const other = await logIn(browser(), phone)
  await other.submit('/account/password', { password, newPassword: 'another long password' })
  await laptop.submit('/', { username: 'ada', password: 'another long password' })
  const { text } = await laptop.get('/account/devices')
  expect(text).toContain('The password was changed:')
})

test('devices and news go with the account', async () => {
  const { browser, grapevine } = await servedInstance()
  const laptop = await member(browser())
  const id = grapevine.users.claimants('ada')[0]?.id ?? ''
  expect(grapevine.devices.of(id)).toHaveLength(1)
  await laptop.submit('/account/erase', { password })
  expect(grapevine.devices.of(id)).toEqual([])
})
