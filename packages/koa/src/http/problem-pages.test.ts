import { expect, test } from 'vitest'
import { member, servedInstance } from '../testing/served-instance.ts'

test('a page that is not there knows who is logged in, and offers a way on', async () => {
  const { browser } = await servedInstance()
  const ada = await member(browser())
  const missing = await ada.get('/nowhere')
  expect(missing.status).toBe(404)
  expect(missing.text).toContain('ada</bdi>')
  expect(missing.text).toContain('There is no page at this address.')
  expect(missing.text).toContain('href="/account">Go back')
  expect((await browser().get('/nowhere')).text).toContain('Go to the log-in page')
})

test('a method that an address does not take is a page, too, and says which it takes', async () => {
  const { browser } = await servedInstance()
  const answer = await browser().get('/logout')
  expect(answer.status).toBe(405)
  expect(answer.headers.allow).toContain('POST')
  expect(answer.text).toContain('<h1>Not possible here</h1>')
})

test('a failure tells its reader the number under which it is in the log, and nothing of the inside', async () => {
  const { browser, grapevine } = await servedInstance()
  grapevine.router.get('/broken', () => {
    throw new Error('the inside')
  })
  const answer = await browser().get('/broken', { 'X-Request-Id': 'abc-123' })
  expect(answer.status).toBe(500)
  expect(answer.text).toContain('<code>abc-123</code>')
  expect(answer.text).not.toContain('the inside')
})

test('a form from another site is refused on a page of the app, and sets no cookie', async () => {
  const { browser } = await servedInstance()
  const ada = await member(browser())
  const refused = await ada.submit('/account/name', { username: 'eve' }, { 'Sec-Fetch-Site': 'cross-site' })
  expect(refused.status).toBe(403)
  expect(refused.headers['set-cookie']).toBeUndefined()
  expect(refused.text).toContain('This form came from another site')
  expect(refused.text).toContain('ada</bdi>')
  expect(refused.text).toContain('href="/account">Go back')
})

test('in production only operators are shown the way to the cluster', async () => {
  const { browser } = await servedInstance({ env: { NODE_ENV: 'production' } })
  expect((await browser().get('/')).text).not.toContain('/cluster')
  const { browser: developer } = await servedInstance()
  expect((await developer().get('/')).text).toContain('href="/cluster"')
})
