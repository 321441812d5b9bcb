import { expect, test } from 'vitest'
import { browser } from '../testing/browser.ts'
import { house } from '../testing/house.ts'

test('a session stands for its user, on the request after it changed', async () => {
  const { accounts, loggedIn } = await house()
  const ann = await loggedIn('ann')
  expect((await ann.get('/home')).text).toBe('hello ann')
  accounts.put('ann', { username: 'Anna' })
  expect((await ann.get('/home')).text).toBe('hello Anna')
})

test('a disabled account is nobody', async () => {
  const { accounts, loggedIn } = await house()
  const ann = await loggedIn('ann')
  accounts.put('ann', { disabled: true })
  expect((await ann.get('/home')).status).toBe(302)
})

test('an erased account is nobody', async () => {
  const { accounts, loggedIn } = await house()
  const ann = await loggedIn('ann')
  accounts.byId.delete('ann')
  expect((await ann.get('/home')).status).toBe(302)
})

test('sessions issued at or before the accounts end of sessions are dead, later ones live', async () => {
  const { accounts, loggedIn, now, pass } = await house()
  const earlier = await loggedIn('ann')
  accounts.put('ann', { sessionsValidAfter: now() })
  expect((await earlier.get('/home')).status).toBe(302)
  pass(1)
  const later = await loggedIn('ann')
  expect((await later.get('/home')).status).toBe(200)
})

test('an end of sessions by a clock that is ahead does not lock the user out', async () => {
  const { accounts, loggedIn, now } = await house()
  await loggedIn('ann')
  accounts.put('ann', { sessionsValidAfter: now() + 60_000 })
  const later = await loggedIn('ann')
  expect((await later.get('/home')).status).toBe(200)
})

test('a node that does not know the user yet turns the session away, and does not take it away', async () => {
  const one = await house()
  const two = await house()
  const ann = browser(two.url, (await one.loggedIn('ann')).cookies)
  expect((await ann.get('/home')).status).toBe(302)
  two.accounts.put('ann', { ...one.accounts.get('ann') })
  expect((await ann.get('/home')).status).toBe(200)
})

test('an anonymous session is nobody', async () => {
  const { visitor } = await house()
  const stranger = visitor()
  await stranger.get('/')
  expect(stranger.cookies.size).toBe(2)
  expect((await stranger.get('/home')).status).toBe(302)
})

test('a session of another epoch is dead, however late it was issued: it was opened on the other side of a split', async () => {
  const { accounts, loggedIn, pass } = await house()
  await loggedIn('ann')
  accounts.put('ann', { sessionEpoch: 'before' })
  pass(60_000)
  const meanwhile = await loggedIn('ann')
  expect((await meanwhile.get('/home')).status).toBe(200)
  // The heal brings an end of sessions from an hour ago: by the clock, this session is later.
  accounts.put('ann', { sessionEpoch: 'after', sessionsValidAfter: 1 })
  expect((await meanwhile.get('/home')).status).toBe(302)
  expect((await (await loggedIn('ann')).get('/home')).status).toBe(200)
})

test('a session from before the accounts had epochs is dead when they have one', async () => {
  const { accounts, loggedIn } = await house()
  const ann = await loggedIn('ann')
  accounts.put('ann', { sessionEpoch: 'first' })
  expect((await ann.get('/home')).status).toBe(302)
})
