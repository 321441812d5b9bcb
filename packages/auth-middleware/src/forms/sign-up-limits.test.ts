import { expect, test } from 'vitest'
import { memoryAttempts } from '../throttle/memory-attempts.ts'
import { authApp, rightPassword } from '../testing/auth-app.ts'
import { mapAccounts, registerError } from '../testing/map-accounts.ts'

const now = (): number => 1000

test('sign-ups from one address are counted, and those that come to nothing are not', async () => {
  const { visitor, accounts, audited } = await authApp({
    attempts: memoryAttempts({ signUpAddress: 3, now }),
  })
  const signUp = async (username: string, password = rightPassword): Promise<number> =>
    (await visitor().submit('/signup', { username, password })).status
  for (let time = 0; time < 5; time += 1) {
    expect(await signUp('a name that is none')).toBe(400)
    expect(await signUp('short', 'short')).toBe(400)
  }
  expect([await signUp('a'), await signUp('b'), await signUp('c'), await signUp('d')]).toEqual([
    302, 302, 302, 429,
  ])
  expect(accounts.byId.size).toBe(3)
  expect(audited.at(-1)).toMatchObject({ type: 'sign-up-refused', reason: 'THROTTLED' })
})

test('so are all together, and the answer says when to come again', async () => {
  const { visitor } = await authApp({ attempts: memoryAttempts({ signUps: 1, windowMs: 600_000, now }) })
  await visitor().submit('/signup', { username: 'a', password: rightPassword })
  const answer = await visitor().submit('/signup', { username: 'b', password: rightPassword })
  expect([answer.status, answer.headers.get('Retry-After')]).toEqual([429, '599'])
  expect(answer.text).toContain('Too many new accounts. Try again in 10 minutes.')
  expect(answer.text).toContain('page:signup username:b ')
})

test('the same form twice is one account, and both are answered alike', async () => {
  const { visitor, accounts, audited } = await authApp()
  const form = { username: 'ann', password: rightPassword }
  expect((await visitor().submit('/signup', form)).location).toBe('/')
  expect((await visitor().submit('/signup', form)).location).toBe('/')
  expect(accounts.byId.size).toBe(1)
  expect(audited.map(({ type }) => type)).toEqual(['signed-up', 'sign-up-repeated'])
})

test('W11: the form that came second to another node is told by the account that is there then', async () => {
  const accounts = mapAccounts()
  const { register } = accounts
  const late: typeof register = async (input, options) => {
    await register(input, options)
    throw registerError('USERNAME_TAKEN', 'another node was earlier')
  }
  const { visitor } = await authApp({ accounts: { ...accounts, register: late } })
  expect((await visitor().submit('/signup', { username: 'ann', password: rightPassword })).status).toBe(302)
  const other = { username: 'ann', password: 'another password' }
  expect((await visitor().submit('/signup', other)).status).toBe(409)
})

test('the sign-up form is no way to guess passwords: each try counts at the account', async () => {
  const { visitor, loggedIn } = await authApp({ attempts: memoryAttempts({ account: 3, now }) })
  await loggedIn('ann')
  const guess = async (password: string): Promise<number> =>
    (await visitor().submit('/signup', { username: 'ann', password })).status
  for (let time = 0; time < 3; time += 1) expect(await guess(`a guess ${time}`)).toBe(409)
  expect(await guess(rightPassword)).toBe(409)
  expect((await visitor().submit('/', { username: 'ann', password: rightPassword })).status).toBe(429)
})

test('nobody signs up as who is disabled, and whoever asks cannot tell', async () => {
  const { visitor, loggedIn, accounts } = await authApp()
  await loggedIn('ann')
  accounts.put('ann', { disabled: true })
  expect((await visitor().submit('/signup', { username: 'ann', password: rightPassword })).status).toBe(409)
})
