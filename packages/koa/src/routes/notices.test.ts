import { expect, test } from 'vitest'
import { member, servedInstance } from '../testing/served-instance.ts'

const fields = { username: 'ada', password: 'a password that is long' }

test('whoever has signed up is told so once, and has only the password left to type', async () => {
  const { browser } = await servedInstance()
  const ada = browser()
  const answer = await ada.submit('/signup', { ...fields, username: ' ada ' })
  expect([answer.status, answer.headers.location]).toEqual([302, '/'])
  const { text } = await ada.get('/')
  expect(text).toContain('role="status">You are signed up.')
  expect(text).toMatch(/name="username"[^>]*value="ada"/)
  expect(text).toMatch(/name="password"[^>]*autofocus/)
  const again = await ada.get('/')
  expect(again.text).not.toContain('You are signed up')
  expect(again.text).not.toContain('value="ada"')
})

test('whoever has logged out is told so, without the name, which others who use the browser need not see', async () => {
  const { browser } = await servedInstance()
  const ada = await member(browser())
  const { text: page } = await ada.get('/account')
  const [, token = ''] = /name="_csrf" value="([^"]+)"/.exec(page) ?? []
  expect((await ada.post('/logout', { _csrf: token })).headers.location).toBe('/')
  const { text } = await ada.get('/')
  expect(text).toContain('role="status">You are logged out.')
  expect(text).not.toContain('value="ada"')
})

test('a notice that was not written here is not shown', async () => {
  const { browser } = await servedInstance()
  const forged = Buffer.from(JSON.stringify({ what: 'signed-up', username: 'eve' })).toString('base64url')
  const { text } = await browser().get('/', {
    Cookie: `grapevine-notice=${forged}; grapevine-notice.sig=AAAA`,
  })
  expect(text).not.toContain('signed up')
  expect(text).not.toContain('value="eve"')
})

test('a sign-up that is refused comes back with the cursor in the field that is wrong', async () => {
  const { browser } = await servedInstance()
  const short = await browser().submit('/signup', { username: 'ada', password: 'short' })
  expect(short.text).toMatch(/name="password"[^>]*aria-invalid="true"[^>]*autofocus/)
  expect(short.text).not.toMatch(/name="username"[^>]*aria-invalid/)
  expect(short.text).toMatch(/name="username"[^>]*value="ada"/)
  const strange = await browser().submit('/signup', { username: 'a da', password: fields.password })
  expect(strange.text).toContain('this one has a space.')
  expect(strange.text).toMatch(/name="username"[^>]*aria-invalid="true"[^>]*autofocus/)
  expect(strange.text).not.toMatch(/name="password"[^>]*aria-invalid/)
})

test('a password manager finds where a password is changed, and whose it is', async () => {
  const { browser } = await servedInstance()
  const ada = await member(browser())
  const found = await ada.get('/.well-known/change-password')
  expect([found.status, found.headers.location]).toEqual([302, '/account/password'])
  const { text } = await ada.get('/account/password')
  expect(text).toMatch(/autocomplete="username" value="ada"/)
  expect(text).toMatch(/name="newPassword"[^>]*autocomplete="new-password"/)
})
