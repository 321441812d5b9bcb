import { expect, test } from 'vitest'
import { servedInstance, member } from '../testing/served-instance.ts'
import type { FactsOptions } from '../instance/document-options.ts'
import { factOf } from '@grapevine/facts'

const password = 'a password that is long'

/** Somebody who is logged in, and has signed up on the other side of a split as well. */
const twice = async (notes: FactsOptions) => {
  const { browser, grapevine } = await servedInstance({ facts: { notes } })
  const owner = await member(browser())
  const passwordHash = await grapevine.hasher.hash(password, { signal: AbortSignal.timeout(10_000) })
  const registeredAt = Date.now() + 10_000
  grapevine.users.adopt({ id: 'the-other-one', username: 'Ada', passwordHash, registeredAt })
  const [{ id } = { id: '' }, { id: twin } = { id: '' }] = grapevine.users.claimants('ada')
  const { notes: kept } = grapevine.facts
  if (kept === undefined) throw new Error('no notes')
  await kept.write(() => kept.set.insert([factOf(twin, 'a note')]))
  const held = (of: string): readonly (string | undefined)[] =>
    kept.set.of(of).map((key) => kept.set.text(key))
  await owner.submit('/', { username: 'ada', password })
  return { grapevine, owner, id, twin, held }
}

const joinUsers: FactsOptions['joinUsers'] = (from, to, set) =>
  void set.insert(set.of(from).map((key) => factOf(to, set.text(key) ?? '')))

test('who has a second account of the name moves what it holds to the first', async () => {
  const { grapevine, owner, id, twin, held } = await twice({ keptByUser: true, joinUsers })
  expect((await owner.get('/account')).text).toContain('You have two accounts')
  const refused = await owner.submit('/account/twin', { action: 'join', password: 'wrong' })
  expect([refused.status, grapevine.users.size]).toEqual([403, 2])
  const done = await owner.submit('/account/twin', { action: 'join', password })
  expect([done.status, done.headers.location]).toEqual([302, '/account?done=twin'])
  expect([held(id), grapevine.users.get(twin), grapevine.users.size]).toEqual([['a note'], undefined, 1])
  expect((await owner.get('/account?done=twin')).text).toContain('The other account is gone.')
  expect((await owner.get('/account/twin')).headers.location).toBe('/account')
})

test('or erases it, which is all there is where the app does not know how to move what is kept', async () => {
  const { grapevine, owner, id, twin, held } = await twice({ keptByUser: true })
  expect((await owner.get('/account/twin')).text).not.toContain('value="join"')
  expect((await owner.submit('/account/twin', { action: 'join', password })).status).toBe(400)
  expect((await owner.submit('/account/twin', { action: 'erase', password })).status).toBe(302)
  expect([held(id), held(twin).includes('a note'), grapevine.users.size]).toEqual([[], false, 1])
})

test('a second account whose password was changed since is left alone', async () => {
  const { grapevine, owner, twin } = await twice({ keptByUser: false })
  const hash = await grapevine.hasher.hash('another long password', { signal: AbortSignal.timeout(10_000) })
  await grapevine.accounts.changePassword(twin, hash, { signal: AbortSignal.timeout(10_000) })
  expect((await owner.submit('/account/twin', { action: 'erase', password })).status).toBe(404)
  expect(grapevine.users.size).toBe(2)
})

test('nobody else has such a page', async () => {
  const { browser } = await servedInstance()
  const owner = await member(browser())
  expect((await owner.get('/account/twin')).headers.location).toBe('/account')
  expect((await owner.submit('/account/password', { password: 'x' })).status).toBe(400)
})
