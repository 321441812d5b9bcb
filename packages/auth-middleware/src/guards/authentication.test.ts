import type Koa from 'koa'
import { expect, test } from 'vitest'
import { browser } from '../testing/browser.ts'
import { authApp } from '../testing/auth-app.ts'

test('a session stands for its user, on the request after it changed', async () => {
  const { accounts, loggedIn } = await authApp()
  const ann = await loggedIn('ann')
  expect((await ann.get('/home')).text).toBe('hello ann')
  accounts.put('ann', { username: 'Anna' })
  expect((await ann.get('/home')).text).toBe('hello Anna')
})

test('a disabled account is nobody', async () => {
  const { accounts, loggedIn } = await authApp()
  const ann = await loggedIn('ann')
  accounts.put('ann', { disabled: true })
  expect((await ann.get('/home')).status).toBe(302)
})

test('an erased account is nobody', async () => {
  const { accounts, loggedIn } = await authApp()
  const ann = await loggedIn('ann')
  accounts.byId.delete('ann')
  expect((await ann.get('/home')).status).toBe(302)
})

test('the sessions that an account had before its epoch changed are dead, those opened later live', async () => {
  const { accounts, loggedIn } = await authApp()
  const earlier = await loggedIn('ann')
  accounts.put('ann', { sessionEpoch: 'another' })
  expect((await earlier.get('/home')).status).toBe(302)
  const later = await loggedIn('ann')
  expect((await later.get('/home')).status).toBe(200)
})

test('field case hash-leak: ctx.body = ctx.state.user sends out no secret of the account', async () => {
  const { loggedIn } = await authApp()
  const { text } = await (await loggedIn('ann')).get('/me')
  expect(JSON.parse(text)).toEqual({ id: 'ann', username: 'ann', claim: 'sole', roles: [] })
})

test('a misspelt field of ctx.state.user does not compile, nor does the hash', () => {
  const handler: Koa.Middleware = ({ state: { user } }) => {
    // @ts-expect-error -- there is none
    const misspelt: unknown = user?.emial
    // @ts-expect-error -- there is none
    const hash: unknown = user?.passwordHash
    return [misspelt, hash, user?.username]
  }
  expect(handler).toHaveLength(1)
})

test('a node that does not know the user yet turns the session away, and does not take it away', async () => {
  const one = await authApp()
  const two = await authApp()
  const ann = browser(two.url, (await one.loggedIn('ann')).cookies)
  expect((await ann.get('/home')).status).toBe(302)
  two.accounts.put('ann', { ...one.accounts.get('ann') })
  expect((await ann.get('/home')).status).toBe(200)
})

test('an anonymous session is nobody', async () => {
  const { visitor } = await authApp()
  const stranger = visitor()
  await stranger.get('/')
  expect(stranger.cookies.size).toBe(2)
  expect((await stranger.get('/home')).status).toBe(302)
})

test('a session of another epoch is dead, however late it was issued: it was opened on the other side of a split', async () => {
  const { accounts, loggedIn, pass } = await authApp()
  await loggedIn('ann')
  accounts.put('ann', { sessionEpoch: 'before' })
  pass(60_000)
  const meanwhile = await loggedIn('ann')
  expect((await meanwhile.get('/home')).status).toBe(200)
  // The heal brings an end of sessions from an hour ago: by the clock, this session is later.
  accounts.put('ann', { sessionEpoch: 'after' })
  expect((await meanwhile.get('/home')).status).toBe(302)
  expect((await (await loggedIn('ann')).get('/home')).status).toBe(200)
})
