import { expect, test } from 'vitest'
import { authApp, rightPassword } from './testing/auth-app.ts'

test('an event says who acted, with which browser, and in which request', async () => {
  const { loggedIn, audited } = await authApp()
  const ann = await loggedIn('ann')
  const [signedUp, loggedInEvent] = audited
  expect(signedUp).toMatchObject({ type: 'signed-up', userId: 'ann', requestId: 'request-1' })
  expect(signedUp).not.toHaveProperty('device')
  expect(loggedInEvent).not.toHaveProperty('actor')
  await ann.submit('/password', { password: 'wrong' }, '/end-sessions')
  const refused = audited.at(-1)
  expect(refused).toMatchObject({ type: 'sessions-end-refused', actor: 'ann', requestId: 'request-1' })
  await ann.submit('/', { username: 'ann', password: rightPassword })
  expect(audited.at(-1)).toMatchObject({ type: 'logged-in', device: refused?.device })
})

test('the whole life of an account is told, and no event holds a secret, a session or what was typed', async () => {
  const { loggedIn, audited } = await authApp()
  const ann = await loggedIn('ann')
  const session = Buffer.from(ann.cookies.get('grapevine') ?? '', 'base64url').toString()
  await ann.submit('/password', { password: rightPassword, newPassword: 'another password' })
  await ann.submit('/rename', { password: 'another password', username: 'anna' })
  await ann.submit('/password', { password: 'another password' }, '/end-sessions')
  await ann.submit('/', {}, '/logout')
  await ann.submit('/', { username: 'typed-by-mistake', password: 'another password' })
  await ann.submit('/', { username: 'anna', password: 'another password' })
  await ann.submit('/password', { password: 'another password' }, '/erase')
  expect(audited.map(({ type }) => type)).toEqual([
    'signed-up',
    'logged-in',
    'password-changed',
    'renamed',
    'sessions-ended',
    'logged-out',
    'login-refused',
    'logged-in',
    'account-erased',
  ])
  const log = JSON.stringify(audited)
  const { id, csrf } = JSON.parse(session)
  for (const secret of [rightPassword, 'another password', 'typed-by-mistake', id, csrf, '$argon2id']) {
    expect(log).not.toContain(secret)
  }
})
