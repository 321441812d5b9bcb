import Koa from 'koa'
import { describe, expect, test } from 'vitest'
import { authentication } from '../guards/authentication.ts'
import { InvalidOptionError } from '@grapevine/std'
import { deriveSessionKeys } from './session-keys.ts'
import { memoryLedger } from './session-ledger.ts'
import { sessions } from './sessions.ts'
import { browser } from '../testing/browser.ts'
import { authApp, listen, testSecret } from '../testing/auth-app.ts'
import { mapAccounts } from '../testing/map-accounts.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const keys = deriveSessionKeys([testSecret])

describe('the cookie', () => {
  test('in production is __Host-, Secure, HttpOnly, SameSite=Lax, path=/, also where TLS ends in a proxy', async () => {
    const { visitor } = await authApp({ sessions: { mode: 'production' } })
    const { setCookies, status } = await visitor().get('/')
    expect(status).toBe(200)
    expect(setCookies.map((line) => line.split('=')[0])).toEqual(['__Host-grapevine', '__Host-grapevine.sig'])
    for (const line of setCookies) {
      const attributes = line.split('; ').slice(1)
      expect(attributes).toEqual(expect.arrayContaining(['path=/', 'secure', 'httponly', 'samesite=lax']))
      expect(line).not.toContain('domain')
    }
  })

  test('in development has a plain name and works over http', async () => {
    const { visitor } = await authApp()
    const { setCookies } = await visitor().get('/')
    expect(setCookies[0]).toMatch(/^grapevine=[^;]+;.* httponly/)
    expect(setCookies.join()).not.toContain('secure')
  })

  test('stays well below the 4,096 bytes that browsers keep', async () => {
    const { visitor, loggedIn, accounts } = await authApp()
    await loggedIn('ann')
    accounts.put('u'.repeat(128), { ...accounts.get('ann'), id: 'u'.repeat(128), username: 'long' })
    const eve = visitor()
    await eve.get(`/${'p'.repeat(1023)}`)
    expect(eve.cookies.get('grapevine')?.length).toBeGreaterThan(1024)
    expect(eve.cookies.get('grapevine')?.length).toBeLessThan(3000)
  })

  test('is not set again by every answer, and is once a minute', async () => {
    const { loggedIn, pass } = await authApp()
    const ann = await loggedIn('ann')
    expect((await ann.get('/home')).setCookies).toEqual([])
    pass(minute)
    expect((await ann.get('/home')).setCookies).toHaveLength(2)
    expect((await ann.get('/home')).setCookies).toEqual([])
  })

  test('is not set where no session is needed', async () => {
    const app = new Koa()
    app.use(sessions(app, { keys, mode: 'production' }))
    app.use((ctx) => void (ctx.body = 'public'))
    expect((await browser(await listen(app)).get('/')).setCookies).toEqual([])
  })
})

describe('W5: an altered cookie is no cookie', () => {
  test.each(['grapevine', 'grapevine.sig'])('every byte of %s counts', async (name) => {
    const { loggedIn, url } = await authApp()
    const { cookies } = await loggedIn('ann')
    const value = cookies.get(name) ?? ''
    expect((await browser(url, cookies).get('/home')).status).toBe(200)
    for (let at = 0; at < value.length; at += 1) {
      const altered = value.slice(0, at) + (value[at] === 'A' ? 'B' : 'A') + value.slice(at + 1)
      const answer = await browser(url, [...cookies, [name, altered]]).get('/home')
      expect(answer.status, `byte ${at}`).toBe(302)
    }
  })

  test.each([
    ['cut', (value: string) => value.slice(0, -4)],
    ['grown', (value: string) => `${value}AAAA`],
    ['empty', () => ''],
  ])('also when %s', async (_how, alter) => {
    const { loggedIn, url } = await authApp()
    const { cookies } = await loggedIn('ann')
    for (const name of ['grapevine', 'grapevine.sig']) {
      const value = cookies.get(name) ?? ''
      const answer = await browser(url, [...cookies, [name, alter(value)]]).get('/home')
      expect(answer.status).toBe(302)
    }
  })

  test.each<[string, string]>([
    ['no JSON', 'nonsense'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a number', '7'],
    ['a session without an id', '{"userId":"ann","issuedAt":1,"csrf":"x"}'],
    ['a prototype', '{"__proto__":{"userId":"ann"}}'],
  ])('a well signed cookie that holds %s is treated as none, never as an error', async (_what, content) => {
    const { url, errors } = await authApp()
    const value = Buffer.from(content).toString('base64url')
    const cookies: [string, string][] = [
      ['grapevine', value],
      ['grapevine.sig', keys.sign(`grapevine=${value}`)],
    ]
    expect((await browser(url, cookies).get('/home')).status).toBe(302)
    expect(errors).toEqual([])
  })
})

describe('life on the server', () => {
  test('an idle session is over after a day, whatever the browser keeps', async () => {
    const { loggedIn, pass } = await authApp()
    const ann = await loggedIn('ann')
    pass(day - minute)
    expect((await ann.get('/home')).status).toBe(200)
    pass(day)
    expect((await ann.get('/home')).status).toBe(302)
  })

  test('a busy session is over after seven days', async () => {
    const { loggedIn, pass } = await authApp()
    const ann = await loggedIn('ann')
    for (let hours = 0; hours < 7 * 24 - 12; hours += 12) {
      pass(12 * hour)
      expect((await ann.get('/home')).status).toBe(200)
    }
    pass(12 * hour)
    expect((await ann.get('/home')).status).toBe(302)
  })

  test('both lives are options', async () => {
    const { loggedIn, pass } = await authApp({ sessions: { absoluteLifeMs: 2 * hour, idleLifeMs: hour } })
    const ann = await loggedIn('ann')
    pass(hour)
    expect((await ann.get('/home')).status).toBe(302)
  })

  test('a cookie from the future is believed, and aged from its first sight', async () => {
    const { loggedIn, pass } = await authApp()
    const ann = await loggedIn('ann')
    pass(-hour)
    expect((await ann.get('/home')).status).toBe(200)
    pass(25 * hour)
    expect((await ann.get('/home')).status).toBe(302)
  })
})

describe('rotation of keys', () => {
  const older = deriveSessionKeys(['an older secret of the cluster'])
  const both = deriveSessionKeys([testSecret, 'an older secret of the cluster'])

  test('a cookie of another node with the same secret is honoured as it is', async () => {
    const one = await authApp()
    const two = await authApp({ accounts: one.accounts, keys: deriveSessionKeys([testSecret]) })
    const { cookies } = await one.loggedIn('ann')
    expect((await browser(two.url, cookies).get('/home')).text).toBe('hello ann')
  })

  test('a cookie of an older secret is honoured, renewed, and then stands by the new secret alone', async () => {
    const before = await authApp({ keys: older })
    const during = await authApp({ accounts: before.accounts, keys: both })
    const after = await authApp({ accounts: before.accounts, keys: deriveSessionKeys([testSecret]) })
    const { cookies } = await before.loggedIn('ann')
    expect((await browser(after.url, cookies).get('/home')).status).toBe(302)

    const ann = browser(during.url, cookies)
    expect((await ann.get('/home')).status).toBe(200)
    expect((await browser(after.url, ann.cookies).get('/home')).status).toBe(200)
  })

  test('a cookie of a foreign secret is refused', async () => {
    const foreign = await authApp({ keys: older })
    const own = await authApp({ accounts: foreign.accounts })
    const { cookies } = await foreign.loggedIn('ann')
    expect((await browser(own.url, cookies).get('/home')).status).toBe(302)
  })
})

describe('mistakes are found', () => {
  test('a second sessions() on one app would be ignored by koa-session: it is refused', () => {
    const app = new Koa()
    sessions(app, { keys, mode: 'production' })
    expect(() => sessions(app, { keys, mode: 'production' })).toThrow(InvalidOptionError)
  })

  test('keys that the app uses for other cookies are not replaced', () => {
    const app = new Koa()
    app.keys = ['mine']
    expect(() => sessions(app, { keys, mode: 'production' })).toThrow('app.keys is set already')
  })

  test.each([
    { absoluteLifeMs: 0 },
    { absoluteLifeMs: Number.NaN },
    { idleLifeMs: 8 * day },
    { clockSkewMs: -1 },
    { mode: JSON.parse('"prod"') },
  ])('%j is refused with its name', (wrong) => {
    const name = Object.keys(wrong)[0] ?? ''
    expect(() => sessions(new Koa(), { keys, mode: 'production', ...wrong })).toThrow(`${name} is`)
  })

  test('other middleware without sessions() says what is missing', async () => {
    const app = new Koa()
    const errors: Error[] = []
    app.on('error', (error: Error) => errors.push(error))
    app.use(authentication({ accounts: mapAccounts(), ledger: memoryLedger() }))
    expect((await browser(await listen(app)).get('/')).status).toBe(500)
    expect(errors[0]).toMatchObject({ code: 'MISSING_SESSIONS' })
  })

  test('an app that writes to ctx.session itself gets an error, not a lost value', async () => {
    const app = new Koa()
    const errors: Error[] = []
    app.on('error', (error: Error) => errors.push(error))
    app.use(sessions(app, { keys, mode: 'development' }))
    app.use((ctx) => void (ctx.session = { cart: 1 }))
    expect((await browser(await listen(app)).get('/')).status).toBe(500)
    expect(errors[0]?.message).toContain('do not write to it')
  })
})
