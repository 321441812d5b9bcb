import Koa from 'koa'
import { describe, expect, test } from 'vitest'
import { deriveSessionKeys } from './session-keys.ts'
import { browser } from './testing/browser.ts'
import { house, PASSWORD, SECRET, type House } from './testing/house.ts'
import { verifiedCookies } from './verified-cookies.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const SESSION_COOKIES = ['grapevine', 'grapevine.sig'] as const

/** Ann, whose cookie this node has seen and verified, and a stranger's browser that holds a copy of it. */
async function verified(options: Parameters<typeof house>[0] = {}) {
  const here = await house(options)
  const ann = await here.loggedIn('ann')
  expect((await ann.get('/home')).status).toBe(200)
  return { ...here, ann, copy: () => browser(here.url, ann.cookies) }
}

const statusOf = async (here: Pick<House, 'url'>, cookies: Iterable<[string, string]>): Promise<number> =>
  (await browser(here.url, cookies).get('/home')).status

describe('a cookie that was verified before', () => {
  test('opens with all of its bytes only: each one altered, cut, grown or swapped is refused', async () => {
    const { ann, url } = await verified()
    for (const name of SESSION_COOKIES) {
      const value = ann.cookies.get(name) ?? ''
      const altered = Array.from(
        value,
        (byte, at) => value.slice(0, at) + (byte === 'A' ? 'B' : 'A') + value.slice(at + 1),
      )
      for (const other of [...altered, value.slice(0, -1), `${value}A`, '']) {
        expect(await statusOf({ url }, [...ann.cookies, [name, other]]), `${name} ${other}`).toBe(302)
      }
    }
    expect((await ann.get('/home')).status).toBe(200)
  })

  test('does not lend its signature to another cookie, nor its name', async () => {
    const { ann, url, loggedIn } = await verified()
    const bob = await loggedIn('bob')
    await bob.get('/home')
    const [value, signature] = SESSION_COOKIES.map((name) => ann.cookies.get(name) ?? '')
    const mixed: [string, string][] = [
      ['grapevine', bob.cookies.get('grapevine') ?? ''],
      ['grapevine.sig', signature ?? ''],
    ]
    expect(await statusOf({ url }, mixed)).toBe(302)
    expect(await statusOf({ url }, [['grapevine', `${value};${signature}`]])).toBe(302)
    expect(await statusOf({ url }, [['grapevine', value ?? '']])).toBe(302)
  })

  test('is over when it is idle or old for too long', async () => {
    const { copy, pass } = await verified()
    pass(DAY - MINUTE)
    expect((await copy().get('/home')).status).toBe(200)
    pass(2 * MINUTE)
    expect((await copy().get('/home')).status).toBe(302)
  })

  test.each<[string, (here: House) => unknown]>([
    [
      'has its sessions revoked by time',
      ({ accounts, now }) => accounts.put('ann', { sessionsValidAfter: now() }),
    ],
    ['has its sessions revoked by epoch', ({ accounts }) => accounts.put('ann', { sessionEpoch: 'another' })],
    ['is disabled', ({ accounts }) => accounts.put('ann', { disabled: true })],
    ['is erased', ({ accounts }) => accounts.byId.delete('ann')],
  ])('is refused at once when its account %s', async (_what, act) => {
    const here = await verified()
    const copy = here.copy()
    await act(here)
    expect((await copy.get('/home')).status).toBe(302)
  })

  test('is refused at once when it is logged out', async () => {
    const { ann, copy } = await verified()
    const before = copy()
    expect((await before.get('/home')).status).toBe(200)
    await ann.submit('/', {}, '/logout')
    expect((await before.get('/home')).status).toBe(302)
  })

  test('is not found by an app with other keys', async () => {
    const { ann, accounts } = await verified()
    const rotated = await house({ accounts, keys: deriveSessionKeys(['a newer secret of the cluster']) })
    expect(await statusOf(rotated, ann.cookies)).toBe(302)
  })

  test('of an older key is honoured and renewed each time, never kept', async () => {
    const { ann, accounts } = await verified()
    const keys = deriveSessionKeys(['a newer secret of the cluster', SECRET])
    const rotated = await house({ accounts, keys })
    for (let time = 0; time < 3; time += 1) {
      const answer = await browser(rotated.url, ann.cookies).get('/home')
      expect(answer.status).toBe(200)
      expect(answer.setCookies.some((line) => line.startsWith('grapevine.sig='))).toBe(true)
    }
  })

  test('goes on being touched once a minute, and being replaced by a login', async () => {
    const { ann, pass, copy } = await verified()
    pass(MINUTE)
    expect((await ann.get('/home')).setCookies).toHaveLength(2)
    expect((await ann.get('/home')).setCookies).toEqual([])
    const before = copy()
    await ann.submit('/', { username: 'ann', password: PASSWORD })
    expect((await ann.get('/home')).status).toBe(200)
    expect((await before.get('/home')).status).toBe(302)
  })
})

describe('the memory it takes is bounded', () => {
  const keys = deriveSessionKeys([SECRET])
  const session = { id: 'i'.repeat(22), csrf: 'c'.repeat(22), issuedAt: 1 }
  function request(value: string) {
    const app = new Koa()
    const request = {
      headers: { cookie: `grapevine=${value}; grapevine.sig=${keys.sign(`grapevine=${value}`)}` },
      socket: {},
    }
    return app.createContext(Object.assign(Object.create(null), request), Object.create(null))
  }

  test('the first makes room for one more', () => {
    const cache = verifiedCookies(keys, 'grapevine', 2)
    for (const value of ['one', 'two', 'three']) cache.add(request(value), { ...session })
    expect(['one', 'two', 'three'].map((value) => cache.get(request(value)) !== undefined)).toEqual([
      false,
      true,
      true,
    ])
  })

  test('nothing is kept when it is switched off', () => {
    const cache = verifiedCookies(keys, 'grapevine', 0)
    cache.add(request('one'), { ...session })
    expect(cache.get(request('one'))).toBeUndefined()
  })

  test('what is kept cannot be changed by who uses it', () => {
    const cache = verifiedCookies(keys, 'grapevine', 2)
    cache.add(request('one'), { ...session })
    expect(Object.isFrozen(cache.get(request('one')))).toBe(true)
  })
})
