import { describe, expect, test } from 'vitest'
import type { PasswordHasher } from '../passwords/password-hasher.ts'
import { passwordHasher } from '../passwords/password-hasher.ts'
import { login } from './login.ts'
import { parseSession, type Session } from '../sessions/session.ts'
import { browser, tokenIn, type Answer, type Browser } from '../testing/browser.ts'
import { mapAccounts } from '../testing/map-accounts.ts'
import { cheapHasher, authApp, rightPassword, view, type AuthApp } from '../testing/auth-app.ts'

const jsonPlease = { Accept: 'application/json' }
const options = { signal: new AbortController().signal }

/** The page without what differs between any two: the token. */
const pageOf = ({ text }: Answer): string => text.replace(/csrf:\S+/, '')
const sessionIn = ({ cookies }: Browser): Session | undefined =>
  parseSession(JSON.parse(Buffer.from(cookies.get('grapevine') ?? '', 'base64url').toString()))

const appOf = async (accounts: Record<string, { name: string; password: string }>): Promise<AuthApp> => {
  const { accounts: map, ...rest } = await authApp()
  for (const [id, { name, password }] of Object.entries(accounts)) {
    map.put(id, { username: name, passwordHash: await cheapHasher().hash(password, options) })
  }
  return { ...rest, accounts: map }
}

test('the right password opens, and leads to the default path', async () => {
  const { visitor, audited, now } = await appOf({ u1: { name: 'ann', password: rightPassword } })
  const ann = visitor()
  const answer = await ann.submit('/', { username: 'ann', password: rightPassword })
  expect([answer.status, answer.location]).toEqual([302, '/home'])
  expect((await ann.get('/home')).text).toBe('hello ann')
  expect(audited).toEqual([
    {
      type: 'logged-in',
      userId: 'u1',
      at: now(),
      ip: expect.stringContaining('127.0.0.1'),
      requestId: 'request-1',
    },
  ])
})

test('a program gets the path as JSON', async () => {
  const { visitor } = await appOf({ u1: { name: 'ann', password: rightPassword } })
  const ann = visitor()
  const token = tokenIn((await ann.get('/')).text)
  const answer = await ann.post('/', { username: 'ann', password: rightPassword, _csrf: token }, jsonPlease)
  expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { location: '/home' }])
})

describe('W3: fixation', () => {
  test('login starts a session that shares nothing with the one before', async () => {
    const { visitor } = await appOf({ u1: { name: 'ann', password: rightPassword } })
    const ann = visitor()
    await ann.get('/budget')
    const before = sessionIn(ann)
    await ann.submit('/', { username: 'ann', password: rightPassword })
    const after = sessionIn(ann)
    expect(after?.id).not.toBe(before?.id)
    expect(after?.csrf).not.toBe(before?.csrf)
    expect(Object.keys(after ?? {}).sort()).toEqual(['csrf', 'device', 'epoch', 'id', 'issuedAt', 'userId'])
  })

  test('a cookie that was planted in the browser gains nothing by the login', async () => {
    const { visitor, url } = await appOf({ u1: { name: 'ann', password: rightPassword } })
    const thief = visitor()
    await thief.get('/')
    const victim = browser(url, thief.cookies)
    await victim.submit('/', { username: 'ann', password: rightPassword })
    expect((await victim.get('/home')).status).toBe(200)
    expect((await thief.get('/home')).status).toBe(302)
  })

  test('whoever logs in again ends the earlier session', async () => {
    const { loggedIn, url } = await authApp()
    const ann = await loggedIn('ann')
    const copy = browser(url, ann.cookies)
    await ann.submit('/', { username: 'ann', password: rightPassword })
    expect((await ann.get('/home')).status).toBe(200)
    expect((await copy.get('/home')).status).toBe(302)
  })
})

describe('a failure says nothing', () => {
  test('wrong password, unknown name, disabled account: the same page', async () => {
    const { visitor, accounts, audited } = await appOf({
      u1: { name: 'ann', password: rightPassword },
      u2: { name: 'bob', password: rightPassword },
    })
    accounts.put('u2', { disabled: true })
    const attempts = [
      { username: 'ann', password: 'wrong password' },
      { username: 'eve', password: rightPassword },
      { username: 'bob', password: rightPassword },
    ]
    const pages = []
    for (const attempt of attempts) {
      const guest = visitor()
      const answer = await guest.submit('/', attempt)
      expect(answer.status).toBe(200)
      pages.push(pageOf(answer).replace(attempt.username, 'NAME'))
      expect((await guest.get('/home')).status).toBe(302)
    }
    expect(new Set(pages)).toEqual(
      new Set(['page:login username:NAME error:The username or the password is wrong. ']),
    )
    expect(audited).toMatchObject([
      { reason: 'no-match', userIds: ['u1'] },
      { reason: 'no-match', userIds: [] },
      { reason: 'disabled', userIds: ['u2'] },
    ])
    expect(JSON.stringify(audited)).not.toContain('wrong password')
  })

  test('a program gets 401', async () => {
    const { visitor } = await authApp()
    const guest = visitor()
    const token = tokenIn((await guest.get('/')).text)
    const answer = await guest.post(
      '/',
      { username: 'eve', password: rightPassword, _csrf: token },
      jsonPlease,
    )
    expect([answer.status, JSON.parse(answer.text)]).toMatchObject([401, { error: 'WRONG_CREDENTIALS' }])
  })

  test.each<[string, Record<string, string>]>([
    ['nothing', {}],
    ['no password', { username: 'ann' }],
    ['no name', { password: rightPassword }],
    ['an endless name', { username: 'a'.repeat(10_000), password: rightPassword }],
    ['an endless password', { username: 'ann', password: 'a'.repeat(10_000) }],
    ['an empty password', { username: 'ann', password: '' }],
    ['a list of names', { 'username[]': 'ann', password: rightPassword }],
  ])('%s is a failure like any other', async (_what, fields) => {
    const { visitor, errors } = await appOf({ u1: { name: 'ann', password: rightPassword } })
    const answer = await visitor().submit('/', fields)
    expect(answer.status).toBe(200)
    expect(answer.text).toContain('error:The username or the password is wrong.')
    expect(errors).toEqual([])
  })

  test('a malformed stored hash is a failure like any other', async () => {
    const { visitor, accounts, errors } = await authApp()
    accounts.put('u1', { username: 'ann', passwordHash: 'broken' })
    expect((await visitor().submit('/', { username: 'ann', password: rightPassword })).status).toBe(200)
    expect(errors).toEqual([])
  })
})

test('a contested name opens each claimant’s own account, and none when the password is right for both', async () => {
  const { visitor, audited } = await appOf({
    first: { name: 'ann', password: 'the password of the first' },
    second: { name: 'ann', password: 'the password of the second' },
    one: { name: 'bob', password: rightPassword },
    other: { name: 'bob', password: rightPassword },
  })
  for (const id of ['first', 'second']) {
    const guest = visitor()
    await guest.submit('/', { username: 'ann', password: `the password of the ${id}` })
    expect(sessionIn(guest)?.userId).toBe(id)
  }
  const bob = visitor()
  expect((await bob.submit('/', { username: 'bob', password: rightPassword })).status).toBe(302)
  expect(sessionIn(bob)).toMatchObject({ userId: 'one', twin: 'other' })
  expect(audited.at(-1)).toMatchObject({ type: 'logged-in', userId: 'one' })
  const { twin } = JSON.parse((await bob.get('/devices')).text)
  expect(twin).toEqual({ id: 'other', username: 'bob', claim: 'sole', roles: [] })
})

describe('overload', () => {
  test('a full queue is 503 with Retry-After and the form, and nobody is let in', async () => {
    const hasher = passwordHasher({
      memoryKiB: 8,
      passes: 1,
      concurrency: 1,
      queueLimit: 0,
      retryAfterSeconds: 9,
    })
    const { visitor, accounts, audited } = await authApp({ hasher })
    accounts.put('u1', { username: 'ann', passwordHash: await hasher.hash(rightPassword, options) })
    const guest = visitor()
    const occupied = occupy(hasher)
    const answer = await guest.submit('/', { username: 'ann', password: rightPassword })
    occupied.release()
    await occupied.done
    expect([answer.status, answer.headers.get('Retry-After')]).toEqual([503, '9'])
    expect(answer.text).toContain('page:login username:ann error:Too many people')
    expect(audited).toMatchObject([{ type: 'login-refused', reason: 'OVERLOADED' }])
    expect((await guest.get('/home')).status).toBe(302)
  })

  test('a login that takes too long is 503', async () => {
    const never: PasswordHasher = {
      ...cheapHasher(),
      verify: (_hash, _password, { signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    }
    const { visitor } = await authApp({ hasher: never, timeoutMs: 20 })
    expect((await visitor().submit('/', { username: 'ann', password: rightPassword })).status).toBe(503)
  })
})

test('an error that nobody foresaw is a 500 without a word about it', async () => {
  const broken = { ...cheapHasher(), verify: () => Promise.reject(new Error('secret detail')) }
  const { visitor, errors } = await authApp({ hasher: broken })
  const answer = await visitor().submit('/', { username: 'ann', password: rightPassword })
  expect([answer.status, answer.text]).toEqual([500, 'Internal Server Error'])
  expect(errors).toHaveLength(1)
})

test('a listener of audits that throws is reported, and does not undo the login', async () => {
  const broken = (): void => {
    throw new Error('disk full')
  }
  const { loggedIn, errors } = await authApp({ onAudit: broken })
  const ann = await loggedIn('ann')
  expect((await ann.get('/home')).status).toBe(200)
  expect(errors).toMatchObject([{ message: 'disk full' }, { message: 'disk full' }])
})

test('a default path of another site is refused at start', () => {
  const wrong = { accounts: mapAccounts(), hasher: cheapHasher(), view, defaultPath: 'https://evil.example' }
  expect(() => login(wrong)).toThrow('defaultPath is')
})

/** Keeps the only place of a hasher taken until released. */
const occupy = (hasher: PasswordHasher): { release: () => void; done: Promise<void> } => {
  const released = new AbortController()
  const again = async (): Promise<void> => {
    while (!released.signal.aborted) await hasher.verify(hasher.decoy, rightPassword, options)
  }
  return { release: () => released.abort(), done: again() }
}

test('who is logged in to too often is told so, and when to try again; guesses at the password are no business of it', async () => {
  const taken: string[] = []
  const pace = { take: (id: string) => (taken.push(id) > 1 ? 90_000 : 0) }
  const { visitor, audited, accounts } = await authApp({ pace })
  accounts.put('u1', { username: 'ann', passwordHash: await cheapHasher().hash(rightPassword, options) })
  const right = { username: 'ann', password: rightPassword }
  expect((await visitor().submit('/', { ...right, password: 'wrong' })).status).toBe(200)
  expect((await visitor().submit('/', right)).status).toBe(302)
  const refused = await visitor().submit('/', right)
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '90'])
  expect(refused.text).toContain('Too many log-ins. Try again in 2 minutes.')
  expect(audited.at(-1)).toMatchObject({ type: 'login-refused', reason: 'THROTTLED', userIds: ['u1'] })
  expect(taken).toEqual(['u1', 'u1'])
})
