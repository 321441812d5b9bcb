import { pino } from 'pino'
import { expect, test } from 'vitest'
import { member, servedInstance } from '../testing/served-instance.ts'
import { operators } from './operators.ts'

const inProduction = async () => {
  const lines: string[] = []
  const log = pino({}, { write: (line: string) => void lines.push(line) })
  const { grapevine, browser } = await servedInstance({ env: { NODE_ENV: 'production' } })
  const account = (name: string) => {
    const [user] = grapevine.users.claimants(name)
    if (user === undefined) throw new Error(`${name} has not signed up`)
    return user
  }
  return { grapevine, browser, account, granting: operators(grapevine, log), lines }
}

test('an account that is granted the role sees the cluster at once, and no longer once it is revoked; both are audited', async () => {
  const { browser, account, granting, lines } = await inProduction()
  const ada = await member(browser())
  expect((await ada.get('/cluster.json')).status).toBe(403)
  const { id } = account('ada')
  expect(await granting.grant(account('ada'))).toEqual({ id, username: 'ada', disabled: false, members: 1 })
  expect((await ada.get('/cluster.json')).status).toBe(200)
  expect(granting.list()).toEqual([{ id, username: 'ada', disabled: false }])
  await granting.revoke(account('ada'))
  expect((await ada.get('/cluster.json')).status).toBe(403)
  const audits = lines.map((line): unknown => JSON.parse(line).audit)
  const change = { userId: id, role: 'operator', actor: 'the command line', at: expect.any(Number) }
  expect(audits).toEqual([
    { ...change, type: 'role-granted' },
    { ...change, type: 'role-revoked' },
  ])
})

test('field case operator-name: the role goes with the account, not with its name, and with the account it is gone', async () => {
  const { grapevine, browser, account, granting } = await inProduction()
  await member(browser())
  await granting.grant(account('ada'))
  const { id } = account('ada')
  await grapevine.accounts.rename(id, 'lovelace', { signal: AbortSignal.timeout(5_000) })
  const other = await member(browser(), 'ada')
  expect((await other.get('/cluster.json')).status).toBe(403)
  expect(granting.list()).toEqual([{ id, username: 'lovelace', disabled: false }])
  await grapevine.eraseUser(id)
  expect(granting.list()).toEqual([])
})
