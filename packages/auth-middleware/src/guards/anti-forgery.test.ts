import { describe, expect, test } from 'vitest'
import { antiForgery } from './anti-forgery.ts'
import { tokenIn } from '../testing/browser.ts'
import { authApp, rightPassword } from '../testing/auth-app.ts'

const ann = { username: 'ann', password: rightPassword }

describe('W6: a forged form is refused before anything happens', () => {
  test('without a token', async () => {
    const { visitor, accounts, audited } = await authApp()
    const stranger = visitor()
    await stranger.get('/signup')
    expect((await stranger.post('/signup', ann)).status).toBe(403)
    expect(accounts.byId.size).toBe(0)
    expect(audited).toMatchObject([{ type: 'forgery-refused' }])
  })

  test('without a session, and none is started from another site: that would log the person out', async () => {
    const { visitor, accounts } = await authApp()
    const stranger = visitor()
    const token = tokenIn((await stranger.get('/signup')).text)
    stranger.cookies.clear()
    const forged = { ...ann, _csrf: token }
    const answer = await stranger.post('/signup', forged, { Origin: 'http://evil.example' })
    expect([answer.status, answer.setCookies]).toEqual([403, []])
    expect((await stranger.post('/signup', forged)).status).toBe(403)
    expect(accounts.byId.size).toBe(0)
  })

  test('with a token of another session', async () => {
    const { visitor, loggedIn } = await authApp()
    const victim = await loggedIn('ann')
    const token = tokenIn((await visitor().get('/')).text)
    expect((await victim.post('/logout', { _csrf: token })).status).toBe(403)
    expect((await victim.get('/home')).status).toBe(200)
  })

  test('with a token from before the login', async () => {
    const { visitor, loggedIn } = await authApp()
    await loggedIn('ann')
    const browser = visitor()
    const token = tokenIn((await browser.get('/')).text)
    expect((await browser.post('/', { ...ann, _csrf: token })).status).toBe(302)
    expect((await browser.post('/logout', { _csrf: token })).status).toBe(403)
  })

  test('with the token in the query only', async () => {
    const { visitor } = await authApp()
    const browser = visitor()
    const token = tokenIn((await browser.get('/signup')).text)
    expect((await browser.post(`/signup?_csrf=${token}&x-csrf-token=${token}`, ann)).status).toBe(403)
  })

  test.each([['[]'], ['{"_csrf":["x"]}'], ['{"_csrf":{}}'], ['{"_csrf":null}']])(
    'with the body %s',
    async (body) => {
      const { visitor, url, errors } = await authApp()
      const browser = visitor()
      await browser.get('/')
      const Cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      const headers = { Cookie, 'Content-Type': 'application/json' }
      expect((await fetch(url, { method: 'POST', body, headers })).status).toBe(403)
      expect(errors).toEqual([])
    },
  )
})

describe('what the browser says of the source', () => {
  const own = 'http://own.example'

  test.each<[string, Record<string, string>, number]>([
    ['nothing (an old browser, a program)', {}, 302],
    ['same-origin', { 'Sec-Fetch-Site': 'same-origin' }, 302],
    ['typed by the person', { 'Sec-Fetch-Site': 'none' }, 302],
    ['a sibling domain', { 'Sec-Fetch-Site': 'same-site' }, 403],
    ['another site', { 'Sec-Fetch-Site': 'cross-site' }, 403],
    ['something unheard of', { 'Sec-Fetch-Site': 'whatever' }, 403],
    ['the own origin', { Origin: own }, 302],
    ['another origin', { Origin: 'http://evil.example' }, 403],
    [
      'another origin that claims to be the same',
      { Origin: 'http://evil.example', 'Sec-Fetch-Site': 'same-origin' },
      403,
    ],
    ['the own host as a part of another', { Origin: 'http://own.example.evil' }, 403],
    ['another port', { Origin: 'http://own.example:8080' }, 403],
    ['a hidden origin', { Origin: 'null' }, 403],
    ['a hidden origin of the own site', { Origin: 'null', 'Sec-Fetch-Site': 'same-origin' }, 302],
    ['no origin at all', { Origin: 'own.example' }, 403],
  ])('%s', async (_what, headers, status) => {
    const { visitor } = await authApp({ antiForgery: { origins: [own] } })
    const browser = visitor()
    const token = tokenIn((await browser.get('/signup')).text)
    expect((await browser.post('/signup', { ...ann, _csrf: token }, headers)).status).toBe(status)
  })

  test('without configured origins the host of the request is the measure', async () => {
    const { visitor, url } = await authApp()
    const browser = visitor()
    const token = tokenIn((await browser.get('/signup')).text)
    const forged = await browser.post('/signup', { ...ann, _csrf: token }, { Origin: 'http://127.0.0.1:1' })
    expect(forged.status).toBe(403)
    expect((await browser.post('/signup', { ...ann, _csrf: token }, { Origin: url })).status).toBe(302)
  })

  test('an origin that is none is refused at start', () => {
    expect(() => antiForgery({ origins: ['own.example'] })).toThrow('origins[0] is "own.example"')
    expect(() => antiForgery({ origins: [`${own}/path`] })).toThrow('origins[0] is')
  })
})

test('the header x-csrf-token serves as well as the field', async () => {
  const { visitor } = await authApp()
  const browser = visitor()
  const token = tokenIn((await browser.get('/signup')).text)
  expect((await browser.post('/signup', ann, { 'x-csrf-token': token })).status).toBe(302)
})

test('a form serves more than once: several tabs, the way back', async () => {
  const { visitor } = await authApp()
  const browser = visitor()
  const token = tokenIn((await browser.get('/signup')).text)
  await browser.get('/signup')
  expect((await browser.post('/signup', { ...ann, password: 'short', _csrf: token })).status).toBe(400)
  expect((await browser.post('/signup', { ...ann, _csrf: token })).status).toBe(302)
})

test('a program is told in JSON', async () => {
  const { visitor } = await authApp()
  const answer = await visitor().post('/', ann, { Accept: 'application/json' })
  expect(answer.status).toBe(403)
  expect(JSON.parse(answer.text)).toMatchObject({ error: 'FORGED' })
})
