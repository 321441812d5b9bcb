import { expect, test } from 'vitest'
import { memoryDevices } from './device-directory.ts'
import type { OwnDevice } from './own-devices.ts'
import { browser, type Browser } from '../testing/browser.ts'
import { authApp, rightPassword, type AuthApp } from '../testing/auth-app.ts'
import { registerError } from '../testing/map-accounts.ts'

const ann = { username: 'ann', password: rightPassword }
const phoneAgent =
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36'

interface Seen {
  readonly devices: readonly OwnDevice[]
  readonly news: readonly { readonly kind: string; readonly at: number; readonly detail?: string }[]
}

const seenBy = async (visitor: Browser): Promise<Seen> => JSON.parse((await visitor.get('/devices')).text)

/** Logs in with a browser of a name. */
const logIn = async ({ visitor }: AuthApp, agent: string): Promise<Browser> => {
  const device = visitor()
  const { text } = await device.get('/')
  const token = /csrf:(\S+)/.exec(text)?.[1] ?? ''
  expect((await device.post('/', { ...ann, _csrf: token }, { 'User-Agent': agent })).status).toBe(302)
  return device
}

const end = (visitor: Browser, device: string, password = rightPassword) =>
  visitor.submit('/password', { password, device }, '/end-device')

test('lists where somebody is logged in, with when, where from, and by what browser', async () => {
  const here = await authApp()
  const laptop = await here.loggedIn('ann')
  here.pass(60_000)
  const phone = await logIn(here, phoneAgent)
  const { devices } = await seenBy(laptop)
  expect(devices).toMatchObject([
    { browser: 'Chrome on Android', addressGroup: '127.0.0.1', since: here.now(), isThis: false },
    { browser: 'Unknown browser', since: here.now() - 60_000, isThis: true },
  ])
  expect((await seenBy(phone)).devices.map(({ isThis }) => isThis)).toEqual([true, false])
})

test('a device that logs in again is the same; a second account in it is another', async () => {
  const here = await authApp()
  const laptop = await here.loggedIn('ann')
  await laptop.submit('/', ann)
  expect((await seenBy(laptop)).devices).toHaveLength(1)
  await laptop.submit('/signup', { username: 'bob', password: rightPassword })
  await laptop.submit('/', { username: 'bob', password: rightPassword })
  expect((await seenBy(laptop)).devices).toHaveLength(1)
  expect((await seenBy(await here.loggedIn('ann'))).devices).toHaveLength(2)
})

test('ends one, with every copy of its cookie, and no other', async () => {
  const here = await authApp()
  const laptop = await here.loggedIn('ann')
  const phone = await here.loggedIn('ann')
  const copy = browser(here.url, phone.cookies)
  const [other] = (await seenBy(laptop)).devices.filter(({ isThis }) => !isThis)
  expect((await end(laptop, other?.id ?? '')).status).toBe(302)
  expect([(await phone.get('/home')).status, (await copy.get('/home')).status]).toEqual([302, 302])
  expect((await seenBy(laptop)).devices).toHaveLength(1)
  expect(here.audited.at(-1)).toMatchObject({ type: 'device-ended', userId: 'ann', actor: 'ann' })
  // Whoever knows the password logs in there again at once, as on a new device.
  expect((await phone.submit('/', ann)).location).toBe('/home')
  expect((await phone.get('/home')).status).toBe(200)
  expect((await copy.get('/home')).status).toBe(302)
})

test('asks for the password, and ends nothing of others', async () => {
  const here = await authApp()
  const laptop = await here.loggedIn('ann')
  const bob = await here.loggedIn('bob')
  const [own] = (await seenBy(laptop)).devices
  const [foreign] = (await seenBy(bob)).devices
  expect((await end(laptop, own?.id ?? '', 'wrong')).status).toBe(403)
  for (const id of [foreign?.id ?? '', 'nonsense', '']) expect((await end(laptop, id)).status).toBe(404)
  expect([(await laptop.get('/home')).status, (await bob.get('/home')).status]).toEqual([200, 200])
})

test('who ends the device that they use is logged out', async () => {
  const here = await authApp()
  const laptop = await here.loggedIn('ann')
  const [own] = (await seenBy(laptop)).devices
  expect((await end(laptop, own?.id ?? '')).location).toBe('/')
  expect((await laptop.get('/home')).status).toBe(302)
})

test('after anything that ends the sessions only the one that goes on is listed', async () => {
  const here = await authApp()
  const laptop = await here.loggedIn('ann')
  await here.loggedIn('ann')
  await laptop.submit('/password', { password: rightPassword }, '/end-sessions')
  expect((await seenBy(laptop)).devices).toMatchObject([{ isThis: true }])
})

test('tells at the next log-in what happened since, until it is read', async () => {
  const happened = [{ kind: 'password-changed', at: 0, detail: 'by an operator' }]
  const asked: number[] = []
  const history = {
    since: (_userId: string, at: number) => {
      asked.push(at)
      return happened
    },
  }
  const here = await authApp({ history })
  const laptop = await here.loggedIn('ann')
  expect((await seenBy(laptop)).news).toEqual([])
  const before = here.now()
  here.pass(60_000)
  await logIn(here, phoneAgent)
  here.pass(60_000)
  await laptop.submit('/', ann)
  const news = [
    { kind: 'new-device', at: before + 60_000, detail: 'Chrome on Android, 127.0.0.1' },
    ...happened,
  ]
  expect((await seenBy(laptop)).news).toEqual(news)
  expect((await seenBy(laptop)).news).toEqual(news)
  expect(asked).toEqual([before, before])
  await laptop.get('/dismiss')
  expect((await seenBy(laptop)).news).toEqual([])
})

test('a list that cannot be kept keeps nobody out, and is told', async () => {
  const add = () => Promise.reject(registerError('UNAVAILABLE', 'the disk is full'))
  const here = await authApp({ devices: { ...memoryDevices(), add } })
  const laptop = await here.loggedIn('ann')
  expect((await laptop.get('/home')).status).toBe(200)
  expect(here.audited).toContainEqual(
    expect.objectContaining({ type: 'device-not-listed', reason: 'UNAVAILABLE' }),
  )
})

test('of one account at most 100 devices are kept, the oldest go', async () => {
  const devices = memoryDevices()
  const record = { userId: 'ann', epoch: '0', since: 0, addressGroup: 'unknown', browser: 'curl' }
  const signal = new AbortController().signal
  for (let index = 0; index < 101; index += 1)
    await devices.add({ ...record, id: `device ${index}` }, { signal })
  expect(devices.of('ann')).toHaveLength(100)
  expect(devices.of('ann')[0]?.id).toBe('device 1')
})
