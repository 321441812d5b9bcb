import { describe, expect, test } from 'vitest'
import { passwordHasher } from '../passwords/password-hasher.ts'
import { browser, tokenIn, type Answer, type Browser } from '../testing/browser.ts'
import { cheapHasher, authApp, rightPassword } from '../testing/auth-app.ts'

const nextPassword = 'quite another one'
const jsonPlease = { Accept: 'application/json' }
const signal = new AbortController().signal

const asProgram = async (who: Browser, path: string, fields: Record<string, string>): Promise<Answer> => {
  const token = tokenIn((await who.get('/password')).text)
  return who.post(path, { ...fields, _csrf: token }, jsonPlease)
}

describe('changePassword', () => {
  test('W4: ends all sessions but that of whoever changed it, also a copy of their old cookie', async () => {
    const { loggedIn, url, audited } = await authApp()
    const [ann, phone] = [await loggedIn('ann'), await loggedIn('ann')]
    const copy = browser(url, ann.cookies)
    const answer = await ann.submit('/password', { password: rightPassword, newPassword: nextPassword })
    expect([answer.status, answer.location]).toEqual([302, '/home'])
    expect((await ann.get('/home')).status).toBe(200)
    expect((await phone.get('/home')).status).toBe(302)
    expect((await copy.get('/home')).status).toBe(302)
    expect(audited.at(-1)).toMatchObject({ type: 'password-changed', userId: 'ann' })
    expect(JSON.stringify(audited)).not.toContain(nextPassword)
  })

  test('afterwards the new password opens, and the old one does not', async () => {
    const { loggedIn, visitor } = await authApp()
    const ann = await loggedIn('ann')
    await ann.submit('/password', { password: rightPassword, newPassword: nextPassword })
    expect((await visitor().submit('/', { username: 'ann', password: rightPassword })).status).toBe(200)
    expect((await visitor().submit('/', { username: 'ann', password: nextPassword })).status).toBe(302)
  })

  test.each<[string, Record<string, string>, number, string]>([
    [
      'the wrong current password',
      { password: 'wrong', newPassword: nextPassword },
      403,
      'current password is wrong',
    ],
    ['no current password', { newPassword: nextPassword }, 403, 'current password is wrong'],
    ['a short new one', { password: rightPassword, newPassword: 'short' }, 400, '5 characters'],
    ['no new one', { password: rightPassword }, 400, 'Type a password.'],
    ['a common one', { password: rightPassword, newPassword: 'Password123' }, 400, 'most common'],
    ['the same one', { password: rightPassword, newPassword: rightPassword }, 400, 'that you have'],
    ['a word of the context', { password: rightPassword, newPassword: 'The Site' }, 400, 'first password'],
  ])('%s is refused, and nothing changes', async (_what, fields, status, words) => {
    const { loggedIn, accounts, audited } = await authApp()
    const ann = await loggedIn('ann')
    const before = accounts.get('ann')
    const answer = await ann.submit('/password', fields)
    expect(answer.status).toBe(status)
    expect(answer.text).toContain('page:password')
    expect(answer.text).toContain(words)
    expect(accounts.get('ann')).toBe(before)
    expect(audited.at(-1)).toMatchObject({ type: 'password-change-refused', userId: 'ann' })
  })

  test('a program is told in JSON', async () => {
    const { loggedIn, visitor } = await authApp()
    const ann = await loggedIn('ann')
    const wrong = await asProgram(ann, '/password', { password: 'wrong', newPassword: nextPassword })
    expect([wrong.status, JSON.parse(wrong.text).error]).toEqual([403, 'WRONG_PASSWORD'])
    const right = await asProgram(ann, '/password', { password: rightPassword, newPassword: nextPassword })
    expect([right.status, JSON.parse(right.text)]).toEqual([200, { location: '/home' }])
    const nobody = await asProgram(visitor(), '/password', {
      password: rightPassword,
      newPassword: nextPassword,
    })
    expect([nobody.status, JSON.parse(nobody.text).error]).toEqual([401, 'UNAUTHENTICATED'])
  })

  test('who is not logged in is sent to the login', async () => {
    const { visitor } = await authApp()
    const answer = await visitor().submit('/password', { password: rightPassword, newPassword: nextPassword })
    expect([answer.status, answer.location]).toEqual([302, '/'])
  })

  test('a password that was changed by somebody else meanwhile is not changed back', async () => {
    const base = cheapHasher()
    let meanwhile = (): void => {}
    const hasher = {
      ...base,
      verify: async (...args: Parameters<typeof base.verify>) => {
        const right = await base.verify(...args)
        meanwhile()
        return right
      },
    }
    const { loggedIn, accounts } = await authApp({ hasher })
    const ann = await loggedIn('ann')
    meanwhile = () => accounts.put('ann', { passwordHash: 'of somebody else' })
    expect(
      (await ann.submit('/password', { password: rightPassword, newPassword: nextPassword })).status,
    ).toBe(403)
    expect(accounts.get('ann')?.passwordHash).toBe('of somebody else')
  })

  test('when the change is not acknowledged the answer is 503, and says that it is not known', async () => {
    const { loggedIn, accounts } = await authApp()
    const ann = await loggedIn('ann')
    accounts.changePassword = async () =>
      Promise.reject(Object.assign(new Error('no'), { code: 'UNAVAILABLE' }))
    const answer = await ann.submit('/password', { password: rightPassword, newPassword: nextPassword })
    expect(answer.status).toBe(503)
    expect(answer.text).toContain('could not be confirmed')
  })
})

describe('endOtherSessions', () => {
  test('leaves only the one that asked, in a new session', async () => {
    const { loggedIn, url, audited } = await authApp()
    const [ann, phone] = [await loggedIn('ann'), await loggedIn('ann')]
    const copy = browser(url, ann.cookies)
    const token = tokenIn((await ann.get('/password')).text)
    expect((await ann.post('/end-sessions', { password: rightPassword, _csrf: token })).status).toBe(302)
    expect((await ann.get('/home')).status).toBe(200)
    expect((await phone.get('/home')).status).toBe(302)
    expect((await copy.get('/home')).status).toBe(302)
    expect(audited.at(-1)).toMatchObject({ type: 'sessions-ended', userId: 'ann' })
  })

  test('asks for the password', async () => {
    const { loggedIn } = await authApp()
    const [ann, phone] = [await loggedIn('ann'), await loggedIn('ann')]
    const token = tokenIn((await ann.get('/password')).text)
    expect((await ann.post('/end-sessions', { _csrf: token })).status).toBe(403)
    expect((await phone.get('/home')).status).toBe(200)
  })
})

describe('a contested name', () => {
  test('who lost it is told at the login, picks a new one, and goes on to where they wanted', async () => {
    const { loggedIn, visitor, accounts, audited } = await authApp()
    await loggedIn('ann')
    accounts.put('ann', { claim: 'loser' })
    const ann = visitor()
    await ann.get('/budget?month=5')
    expect((await ann.submit('/', { username: 'ann', password: rightPassword })).location).toBe('/rename')
    expect((await ann.get('/rename')).text).toContain('page:rename')
    const answer = await ann.submit('/rename', { username: 'anna', password: rightPassword })
    expect(answer.location).toBe('/budget?month=5')
    expect((await ann.get('/home')).text).toBe('hello anna')
    expect(audited.at(-1)).toMatchObject({ type: 'renamed', userId: 'ann' })
    expect((await visitor().submit('/', { username: 'anna', password: rightPassword })).location).toBe(
      '/home',
    )
  })

  test.each<[string, Record<string, string>, number]>([
    ['a taken name', { username: 'bob', password: rightPassword }, 409],
    ['no name', { password: rightPassword }, 400],
    ['a wrong password', { username: 'anna', password: 'wrong' }, 403],
  ])('%s is refused', async (_what, fields, status) => {
    const { loggedIn, accounts } = await authApp()
    accounts.put('bob', {})
    const ann = await loggedIn('ann')
    expect((await ann.submit('/rename', fields)).status).toBe(status)
    expect(accounts.get('ann')?.username).toBe('ann')
  })
})

describe('a hash of other parameters', () => {
  const stronger = passwordHasher({ memoryKiB: 16, passes: 2, concurrency: 2 })

  test('is renewed at the login, which ends no session', async () => {
    const { loggedIn, accounts } = await authApp()
    const before = await loggedIn('ann')
    const old = accounts.get('ann')?.passwordHash
    const later = await authApp({ accounts, hasher: stronger })
    await later.loggedIn('ann')
    expect(accounts.get('ann')?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=16,t=2,p=1\$/)
    expect(accounts.get('ann')?.passwordHash).not.toBe(old)
    expect(later.audited.map(({ type }) => type)).toEqual(['hash-renewed', 'logged-in'])
    expect((await before.get('/home')).status).toBe(200)
    await later.loggedIn('ann')
    expect(later.audited.filter(({ type }) => type === 'hash-renewed')).toHaveLength(1)
  })

  test('is kept when it cannot be renewed now, and the login succeeds', async () => {
    const { loggedIn, accounts } = await authApp()
    await loggedIn('ann')
    accounts.rehash = async () => Promise.reject(Object.assign(new Error('no'), { code: 'UNAVAILABLE' }))
    const later = await authApp({ accounts, hasher: stronger })
    expect((await (await later.loggedIn('ann')).get('/home')).status).toBe(200)
    expect(later.audited[0]).toMatchObject({ type: 'hash-not-renewed', reason: 'UNAVAILABLE' })
  })

  test('a common password from before there was a list still opens, and is renewed', async () => {
    const { accounts, visitor } = await authApp()
    const passwordHash = await cheapHasher().hash('password1', { signal, rules: 'kept-before' })
    accounts.put('ann', { passwordHash })
    const later = await authApp({ accounts, hasher: stronger })
    expect((await later.visitor().submit('/', { username: 'ann', password: 'password1' })).status).toBe(302)
    expect(accounts.get('ann')?.passwordHash).toContain('m=16')
    expect((await visitor().submit('/signup', { username: 'bob', password: 'password1' })).status).toBe(400)
  })

  test('two logins at once both succeed, though one renews the hash that the other is checking', async () => {
    const { loggedIn, accounts } = await authApp()
    await loggedIn('ann')
    const later = await authApp({ accounts, hasher: stronger })
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => later.visitor().submit('/', { username: 'ann', password: rightPassword })),
    )
    expect(answers.map(({ status }) => status)).toEqual([302, 302, 302, 302])
  })
})

describe('eraseAccount', () => {
  test('asks for the password, then takes the account and the cookies of this browser', async () => {
    const { loggedIn, accounts, audited } = await authApp()
    const ann = await loggedIn('ann')
    const refused = await ann.submit('/password', { password: 'wrong' }, '/erase')
    expect([refused.status, accounts.byId.size]).toEqual([403, 1])
    expect(refused.text).toContain('page:erase')
    const answer = await ann.submit('/password', { password: rightPassword }, '/erase')
    expect([answer.status, answer.location]).toEqual([302, '/?notice=erased'])
    expect([accounts.byId.size, ann.cookies.size]).toEqual([0, 0])
    expect(audited.slice(-2).map(({ type }) => type)).toEqual(['erase-refused', 'account-erased'])
  })

  test('is not kept from the owner by the guesses of a stranger', async () => {
    const { loggedIn, visitor, accounts } = await authApp()
    const ann = await loggedIn('ann')
    const stranger = visitor()
    for (let guess = 0; guess < 31; guess += 1) {
      await stranger.submit('/', { username: 'ann', password: `guess ${guess}` })
    }
    const shutOut = await stranger.submit('/', { username: 'ann', password: rightPassword })
    expect(shutOut.status).toBe(429)
    expect((await ann.submit('/password', { password: rightPassword }, '/erase')).status).toBe(302)
    expect(accounts.byId.size).toBe(0)
  })
})
