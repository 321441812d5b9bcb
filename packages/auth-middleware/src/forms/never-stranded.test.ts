/** The dead ends of the first build: each form either works, or comes back as HTML that can be sent. */
import { expect, test } from 'vitest'
import { browser, tokenIn, type Browser } from '../testing/browser.ts'
import { authApp, rightPassword } from '../testing/auth-app.ts'

const ann = { username: 'ann', password: rightPassword }
const sentence = 'This page was out of date'

/** What came back is a form with what was typed, but no password, and it can be sent as it is. */
const sendAgain = async (
  visitor: Browser,
  page: { readonly status: number; readonly text: string; readonly headers: Headers },
  path: string,
  fields: Record<string, string>,
): Promise<{ readonly status: number; readonly location: string | null }> => {
  expect(page.status).toBe(403)
  expect(page.headers.get('Content-Type')).toContain('text/html')
  expect(page.text).toContain(sentence)
  expect(page.text).not.toContain(rightPassword)
  return visitor.post(path, { ...fields, _csrf: tokenIn(page.text) })
}

test('field case two-tabs: two tabs opened at once without a cookie, both are sent', async () => {
  const { visitor, url, loggedIn } = await authApp()
  await loggedIn('ann')
  const [one, two] = [visitor(), visitor()]
  const tokens = [tokenIn((await one.get('/')).text), tokenIn((await two.get('/')).text)]
  // A browser has one jar: the cookie of the answer that came last is the one it keeps.
  const both = browser(url, two.cookies)
  const early = await both.post('/', { ...ann, _csrf: tokens[0] ?? '' })
  expect(early.text).toContain('username:ann ')
  expect(await sendAgain(both, early, '/', ann)).toMatchObject({ status: 302, location: '/home' })
  const late = await both.post('/', { ...ann, _csrf: tokens[1] ?? '' })
  expect(await sendAgain(both, late, '/', ann)).toMatchObject({ status: 302, location: '/home' })
})

test('field case stale-form: a log-in form of before a log-in in another tab', async () => {
  const { visitor, loggedIn } = await authApp()
  await loggedIn('ann')
  const tabs = visitor()
  const token = tokenIn((await tabs.get('/')).text)
  await tabs.submit('/', ann)
  const page = await tabs.post('/', { ...ann, _csrf: token })
  expect(await sendAgain(tabs, page, '/', ann)).toMatchObject({ status: 302 })
})

test.each([
  ['of the day before yesterday', (_jar: Map<string, string>, pass: () => void) => pass()],
  ['of a browser that has lost its cookies', (jar: Map<string, string>) => jar.clear()],
])('a sign-up form %s', async (_what, spoil) => {
  const { visitor, pass, accounts } = await authApp()
  const tab = visitor()
  const token = tokenIn((await tab.get('/signup')).text)
  spoil(tab.cookies, () => pass(48 * 60 * 60_000))
  const page = await tab.post('/signup', { ...ann, _csrf: token })
  expect(page.text).toContain('page:signup username:ann ')
  expect(accounts.byId.size).toBe(0)
  expect(await sendAgain(tab, page, '/signup', ann)).toMatchObject({ status: 302 })
  expect(accounts.byId.size).toBe(1)
})

test('a form of a page for users: on to the log-in, and back to the page that it stood on', async () => {
  const { loggedIn, url } = await authApp()
  const tab = await loggedIn('ann')
  const token = tokenIn((await tab.get('/password')).text)
  tab.cookies.clear()
  const answer = await tab.post('/items', { _csrf: token, label: 'Bread' }, { Referer: `${url}/home?page=2` })
  expect(answer.location).toBe('/')
  expect((await tab.submit('/', ann)).location).toBe('/home?page=2')
})

test('a path without a page: a plain page holds the form, without its secrets', async () => {
  const { loggedIn } = await authApp()
  const tab = await loggedIn('ann')
  const typed = { label: '"><b>', password: rightPassword, newPassword: 'hunter2 hunter2', _csrf: 'x' }
  const page = await tab.post('/end-sessions', typed)
  expect(page.text).toContain('value="&quot;&gt;&lt;b&gt;"')
  expect(page.text).not.toContain('hunter2')
  expect(page.text).toContain('<input type="password" name="newPassword"')
  expect(await sendAgain(tab, page, '/end-sessions', ann)).toMatchObject({ status: 302, location: '/home' })
})

test('field case logout-twice: a log-out in each of two tabs', async () => {
  const { loggedIn, url, audited } = await authApp()
  const tabs = await loggedIn('ann')
  const token = tokenIn((await tabs.get('/')).text)
  const copy = browser(url, tabs.cookies)
  expect(await tabs.post('/logout', { _csrf: token })).toMatchObject({ status: 302, location: '/' })
  // With the cookie gone, and with the cookie still there.
  expect(await tabs.post('/logout', { _csrf: token })).toMatchObject({ status: 302, location: '/' })
  expect(await copy.post('/logout', { _csrf: token })).toMatchObject({ status: 302, location: '/' })
  expect(audited.filter(({ type }) => type === 'logged-out')).toHaveLength(1)
})

test('what came from another site is refused for good: no form, no cookie, no way on', async () => {
  const { visitor, url } = await authApp()
  const sources = [
    { 'Sec-Fetch-Site': 'cross-site' },
    { Origin: 'https://evil.example' },
    { Referer: 'https://evil.example/page' },
  ]
  for (const headers of sources) {
    const guest = visitor()
    const token = tokenIn((await guest.get('/')).text)
    for (const path of ['/', '/signup', '/logout', '/nowhere']) {
      const answer = await browser(url, guest.cookies).post(path, { ...ann, _csrf: token }, headers)
      expect([answer.status, answer.setCookies]).toEqual([403, []])
      expect(answer.text).not.toMatch(/csrf|<form/)
    }
  }
})

test('field case space-after-name: a name with space around it is that name, at log-in and sign-up', async () => {
  const { visitor, accounts } = await authApp()
  const phone = visitor()
  const typed = { username: '\u00a0 ann \t', password: rightPassword }
  expect((await phone.submit('/signup', typed)).status).toBe(302)
  expect([...accounts.byId.values()][0]?.username).toBe('ann')
  expect(await phone.submit('/', { ...ann, username: 'ann ' })).toMatchObject({
    status: 302,
    location: '/home',
  })
})

test('the way back after a log-in shows nothing: no form, page or redirect is kept', async () => {
  const { visitor, loggedIn } = await authApp()
  await loggedIn('ann')
  const tab = visitor()
  const answers = [
    await tab.get('/'),
    await tab.submit('/', ann),
    await tab.get('/home'),
    await tab.get('/password'),
  ]
  for (const { headers } of answers) expect(headers.get('Cache-Control')).toBe('no-store')
})
