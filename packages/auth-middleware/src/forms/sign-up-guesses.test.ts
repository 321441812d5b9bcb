import { expect, test } from 'vitest'
import { authApp, cheapHasher, rightPassword } from '../testing/auth-app.ts'
import { memoryAttempts } from '../throttle/memory-attempts.ts'

test('the sign-up form is no way round the log-in for who tries one password on many accounts', async () => {
  const { visitor, accounts } = await authApp({ attempts: memoryAttempts({ address: 5 }) })
  const options = { signal: new AbortController().signal }
  const passwordHash = await cheapHasher().hash(rightPassword, options)
  for (let index = 0; index < 10; index += 1)
    accounts.put(`u${index}`, { username: `user${index}`, passwordHash })
  const spray = async (index: number, password: string) =>
    (await visitor().submit('/signup', { username: `user${index}`, password })).status
  for (let index = 0; index < 5; index += 1) expect(await spray(index, 'a wrong password')).toBe(409)
  // The right one tells no more than a wrong one by now, and the log-in knows of it.
  expect(await spray(7, rightPassword)).toBe(409)
  expect((await visitor().submit('/', { username: 'user7', password: rightPassword })).status).toBe(429)
})
