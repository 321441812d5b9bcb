import { describe, expect, test } from 'vitest'
import { passwordHasher } from '../passwords/password-hasher.ts'
import { tokenIn } from '../testing/browser.ts'
import { mapAccounts, registerError } from '../testing/map-accounts.ts'
import { authApp, rightPassword } from '../testing/auth-app.ts'

const ann = { username: 'Ann', password: rightPassword }

test('registers a hash, leads to the login, and logs nobody in', async () => {
  const { visitor, accounts, audited } = await authApp()
  const browser = visitor()
  const answer = await browser.submit('/signup', ann)
  expect([answer.status, answer.location]).toEqual([302, '/'])
  expect(accounts.get('Ann')).toMatchObject({
    username: 'Ann',
    passwordHash: expect.stringMatching(/^\$argon2id\$/),
  })
  expect((await browser.get('/home')).status).toBe(302)
  expect(audited).toMatchObject([{ type: 'signed-up', userId: 'Ann' }])
})

test('leaves whoever is logged in as they are', async () => {
  const { loggedIn } = await authApp()
  const bob = await loggedIn('bob')
  await bob.submit('/signup', ann)
  expect((await bob.get('/home')).text).toBe('hello bob')
})

test('a program gets 201', async () => {
  const { visitor } = await authApp()
  const browser = visitor()
  const token = tokenIn((await browser.get('/signup')).text)
  const answer = await browser.post('/signup', { ...ann, _csrf: token }, { Accept: 'application/json' })
  expect([answer.status, JSON.parse(answer.text)]).toEqual([201, { location: '/' }])
})

describe('a refusal shows the form again, with the name and without the password', () => {
  test.each<[string, Record<string, string>, number, string]>([
    [
      'a short password',
      { ...ann, password: 'short' },
      400,
      'The password has 5 characters; 8 to 128 are allowed.',
    ],
    ['no password', { username: 'Ann' }, 400, 'Type a password.'],
    ['no name', { password: rightPassword }, 400, 'Type a username of at most 256 characters.'],
    ['a name that the owner refuses', { ...ann, username: 'A n n' }, 400, 'Letters and digits only.'],
    ['a taken name', { ...ann, username: 'bob' }, 409, 'This username is taken.'],
    ['a taken name in another case', { ...ann, username: 'BOB' }, 409, 'This username is taken.'],
  ])('%s', async (_what, fields, status, error) => {
    const { visitor, accounts } = await authApp()
    accounts.put('bob', {})
    const answer = await visitor().submit('/signup', fields)
    expect(answer.status).toBe(status)
    expect(answer.text).toContain(`page:signup username:${fields['username'] ?? ''} error:${error} csrf:`)
    expect(answer.text).not.toContain(rightPassword)
    expect(accounts.byId.size).toBe(1)
  })

  test.each([
    ['USERNAME_TAKEN', 409],
    ['UNAVAILABLE', 503],
  ])('the owner says %s', async (code, status) => {
    const accounts = { ...mapAccounts(), register: () => Promise.reject(registerError(code, 'detail')) }
    const { visitor, audited } = await authApp({ accounts })
    const answer = await visitor().submit('/signup', ann)
    expect(answer.status).toBe(status)
    expect(answer.text).not.toContain('detail')
    expect(audited).toMatchObject([{ type: 'sign-up-refused', reason: code }])
    expect(JSON.stringify(audited)).not.toContain('Ann')
  })

  test('the owner does not answer in time', async () => {
    const accounts = mapAccounts()
    accounts.register = (_input, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    const { visitor } = await authApp({ accounts, timeoutMs: 20 })
    const answer = await visitor().submit('/signup', ann)
    expect([answer.status, answer.headers.get('Retry-After')]).toEqual([503, '5'])
  })

  test('the queue of hashes is full', async () => {
    const hasher = passwordHasher({ memoryKiB: 8, passes: 1, concurrency: 1, queueLimit: 0 })
    const { visitor, accounts } = await authApp({ hasher })
    const browser = visitor()
    const token = tokenIn((await browser.get('/signup')).text)
    const attempts = ['a', 'b', 'c', 'd', 'e', 'f'].map((username) =>
      browser.post('/signup', { ...ann, username, _csrf: token }, { Accept: 'application/json' }),
    )
    const answers = await Promise.all(attempts)
    for (const { status, headers, text } of answers) {
      if (status === 201) continue
      expect([status, headers.get('Retry-After'), JSON.parse(text)]).toMatchObject([
        503,
        '5',
        { error: 'OVERLOADED' },
      ])
    }
    expect(accounts.byId.size).toBe(answers.filter(({ status }) => status === 201).length)
  })
})

test('a name that cannot be had costs no hash', async () => {
  const hasher = { ...passwordHasher(), hash: () => Promise.reject(new Error('hashed')) }
  const { visitor, accounts } = await authApp({ hasher })
  accounts.put('bob', {})
  expect((await visitor().submit('/signup', { ...ann, username: 'bob' })).status).toBe(409)
})
