import { expect, test } from 'vitest'
import { memoryLedger } from '../sessions/session-ledger.ts'
import { browser, tokenIn } from '../testing/browser.ts'
import { authApp } from '../testing/auth-app.ts'
import { registerError } from '../testing/map-accounts.ts'

test('ends the session and takes the cookie away', async () => {
  const { loggedIn, audited } = await authApp()
  const ann = await loggedIn('ann')
  const answer = await ann.submit('/', {}, '/logout')
  expect([answer.status, answer.location]).toEqual([302, '/'])
  expect([...ann.cookies.keys()]).toEqual(['grapevine-device', 'grapevine-device.sig'])
  expect((await ann.get('/home')).status).toBe(302)
  expect(audited.at(-1)).toMatchObject({ type: 'logged-out', userId: 'ann' })
})

test('W4: a copy of the cookie is refused afterwards, on every node that shares the ledger', async () => {
  const ledger = memoryLedger()
  const one = await authApp({ ledger })
  const two = await authApp({ ledger, accounts: one.accounts })
  const ann = await one.loggedIn('ann')
  const stolen = [...ann.cookies]
  expect((await browser(two.url, stolen).get('/home')).status).toBe(200)
  await ann.submit('/', {}, '/logout')
  expect((await browser(one.url, stolen).get('/home')).status).toBe(302)
  expect((await browser(two.url, stolen).get('/home')).status).toBe(302)
})

test('a session of an epoch that this node has not heard of is ended for those that have', async () => {
  const ledger = memoryLedger()
  const knows = await authApp({ ledger: { ...ledger, epoch: () => 'newer' } })
  const behind = await authApp({ ledger, accounts: knows.accounts })
  const ann = await knows.loggedIn('ann')
  const stolen = [...ann.cookies]
  const there = browser(behind.url, stolen)
  expect((await there.get('/home')).status).toBe(302)
  expect((await there.submit('/', {}, '/logout')).status).toBe(302)
  expect((await browser(knows.url, stolen).get('/home')).status).toBe(302)
})

test('other sessions of the same user go on', async () => {
  const { loggedIn } = await authApp()
  const [phone, laptop] = [await loggedIn('ann'), await loggedIn('ann')]
  await phone.submit('/', {}, '/logout')
  expect((await laptop.get('/home')).status).toBe(200)
})

test('the record is kept until the session would be over in any case', async () => {
  const ends: number[] = []
  const memory = memoryLedger()
  const ledger = {
    ...memory,
    end: async (_id: string, end: { validUntil: number }) => void ends.push(end.validUntil),
  }
  const { loggedIn, now, pass } = await authApp({ ledger, sessions: { absoluteLifeMs: 10_000_000 } })
  const start = now()
  const ann = await loggedIn('ann')
  pass(120_000)
  await ann.submit('/', {}, '/logout')
  expect(ends).toEqual([start + 10_000_000])
})

test('an end that cannot be recorded is 503, and the person stays logged in to try again', async () => {
  const memory = memoryLedger()
  let available = false
  const end: typeof memory.end = (...args) =>
    available ? memory.end(...args) : Promise.reject(registerError('UNAVAILABLE', 'no majority'))
  const { loggedIn, audited } = await authApp({ ledger: { ...memory, end } })
  const ann = await loggedIn('ann')
  const refused = await ann.submit('/', {}, '/logout')
  expect(refused.status).toBe(503)
  expect(refused.text).toContain('You are still logged in.')
  expect(audited.at(-1)).toMatchObject({ type: 'logout-refused', reason: 'UNAVAILABLE' })
  expect((await ann.get('/home')).status).toBe(200)
  available = true
  expect((await ann.submit('/', {}, '/logout')).status).toBe(302)
  expect((await ann.get('/home')).status).toBe(302)
})

test('an anonymous session is only forgotten', async () => {
  const ends: string[] = []
  const ledger = { ...memoryLedger(), end: async (id: string) => void ends.push(id) }
  const { visitor, audited } = await authApp({ ledger })
  const guest = visitor()
  expect((await guest.submit('/', {}, '/logout')).status).toBe(302)
  expect(guest.cookies.size).toBe(0)
  expect([ends, audited]).toEqual([[], []])
})

test('a program gets the path as JSON', async () => {
  const { loggedIn } = await authApp()
  const ann = await loggedIn('ann')
  const token = tokenIn((await ann.get('/')).text)
  const answer = await ann.post('/logout', { _csrf: token }, { Accept: 'application/json' })
  expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { location: '/' }])
})

test('a link cannot log anybody out', async () => {
  const { loggedIn } = await authApp()
  const ann = await loggedIn('ann')
  await ann.get('/logout')
  expect((await ann.get('/home')).status).toBe(200)
})
