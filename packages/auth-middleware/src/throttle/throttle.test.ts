import { describe, expect, test } from 'vitest'
import { browser, tokenIn, type Answer, type Browser } from '../testing/browser.ts'
import { authApp, rightPassword, type AuthApp } from '../testing/auth-app.ts'
import { memoryAttempts } from './memory-attempts.ts'

const guess = (visitor: Browser, username: string): Promise<Answer> =>
  visitor.submit('/', { username, password: 'a wrong password' })
const pageOf = ({ text }: Answer): string => text.replace(/csrf:\S+|username:\S+/g, '')

/** 5 guesses at an account, 3 from known devices, 20 from an address. */
const strictApp = (): Promise<AuthApp> =>
  authApp({
    attempts: memoryAttempts({ account: 5, device: 3, address: 20, windowMs: 600_000, now: () => 1000 }),
  })

describe('W2: guesses at an account', () => {
  test('end with 429, a time to come again, and the same page for a name that nobody has', async () => {
    const { loggedIn, visitor, audited } = await strictApp()
    await loggedIn('ann')
    const answers: Record<string, Answer[]> = { ann: [], eve: [] }
    for (let index = 0; index < 7; index += 1) {
      for (const [name, list] of Object.entries(answers)) list.push(await guess(visitor(), name))
    }
    const [known = [], unknown = []] = Object.values(answers)
    expect(known.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429, 429])
    expect(unknown.map(({ status }) => status)).toEqual(known.map(({ status }) => status))
    expect(known.map(pageOf)).toEqual(unknown.map(pageOf))
    expect(known.at(-1)?.headers.get('Retry-After')).toBe('599')
    expect(unknown.at(-1)?.headers.get('Retry-After')).toBe('599')
    expect(audited.at(-2)).toMatchObject({ type: 'login-refused', reason: 'THROTTLED', userIds: ['ann'] })
  })

  test('other spellings of the name are no other account', async () => {
    const { loggedIn, visitor } = await strictApp()
    await loggedIn('ann')
    const statuses = []
    for (const name of ['ann', 'ANN', 'Ann', 'aNN', 'anN', 'AnN']) {
      statuses.push((await guess(visitor(), name)).status)
    }
    expect(statuses.at(-1)).toBe(429)
  })

  test('the owner gets in on a device that they have used before, also when everybody else is refused', async () => {
    const { loggedIn, visitor } = await strictApp()
    const ann = await loggedIn('ann')
    await ann.submit('/', {}, '/logout')
    for (let index = 0; index < 10; index += 1) await guess(visitor(), 'ann')
    expect((await visitor().submit('/', { username: 'ann', password: rightPassword })).status).toBe(429)
    expect((await ann.submit('/', { username: 'ann', password: rightPassword })).status).toBe(302)
  })

  test('all known devices share one allowance', async () => {
    const { loggedIn } = await strictApp()
    const devices = [
      await loggedIn('ann'),
      await loggedIn('ann'),
      await loggedIn('ann'),
      await loggedIn('ann'),
    ]
    const statuses = []
    for (const device of devices) statuses.push((await guess(device, 'ann')).status)
    expect(statuses).toEqual([200, 200, 200, 429])
  })

  test('a known device of one account is a stranger to another, and to its own after a change of password', async () => {
    const { loggedIn, visitor } = await strictApp()
    const [ann, bob] = [await loggedIn('ann'), await loggedIn('bob')]
    const stolen = await loggedIn('ann')
    for (let index = 0; index < 5; index += 1) await guess(visitor(), 'ann')
    expect((await guess(bob, 'ann')).status).toBe(429)
    const changed = { password: rightPassword, newPassword: 'quite another one' }
    expect((await ann.submit('/password', changed)).status).toBe(302)
    expect((await guess(stolen, 'ann')).status).toBe(429)
    expect((await ann.submit('/', { username: 'ann', password: 'quite another one' })).status).toBe(302)
  })

  test('an altered cookie makes no known device', async () => {
    const { loggedIn, visitor, url } = await strictApp()
    const { cookies } = await loggedIn('ann')
    for (let index = 0; index < 5; index += 1) await guess(visitor(), 'ann')
    const value = cookies.get('grapevine-device') ?? ''
    const forged: [string, string][] = [
      ['grapevine-device', `${value.slice(0, -2)}AA`],
      ['grapevine-device.sig', cookies.get('grapevine-device.sig') ?? ''],
    ]
    const answer = await browser(url, forged).submit('/', { username: 'ann', password: rightPassword })
    expect(answer.status).toBe(429)
  })

  test('right passwords use nothing up', async () => {
    const { loggedIn } = await strictApp()
    for (let index = 0; index < 12; index += 1) {
      expect((await (await loggedIn('ann')).get('/home')).status).toBe(200)
    }
  })

  test('guesses at the current password, in a session, count like those at the door', async () => {
    const { loggedIn } = await strictApp()
    const ann = await loggedIn('ann')
    const change = { password: 'a wrong password', newPassword: 'quite another one' }
    const statuses = []
    for (let index = 0; index < 4; index += 1) statuses.push((await ann.submit('/password', change)).status)
    expect(statuses).toEqual([403, 403, 403, 429])
  })
})

describe('guesses from an address', () => {
  test('end with 429, whatever the names', async () => {
    const { visitor, loggedIn } = await strictApp()
    const ann = await loggedIn('ann')
    const statuses = []
    for (let index = 0; index < 22; index += 1) {
      statuses.push((await guess(visitor(), `name${index}`)).status)
    }
    expect(statuses.filter((status) => status === 200)).toHaveLength(20)
    expect(statuses.at(-1)).toBe(429)
    expect((await ann.submit('/', { username: 'ann', password: rightPassword })).status).toBe(302)
  })

  test('a forwarded address is believed only when the app says so', async () => {
    const { visitor } = await strictApp()
    const statuses = []
    for (let index = 0; index < 21; index += 1) {
      const eve = visitor()
      const token = tokenIn((await eve.get('/')).text)
      const fields = { username: `name${index}`, password: 'a wrong password', _csrf: token }
      statuses.push((await eve.post('/', fields, { 'X-Forwarded-For': `203.0.113.${index}` })).status)
    }
    expect(statuses.at(-1)).toBe(429)
  })
})
