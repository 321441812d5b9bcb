import Koa from 'koa'
import { describe, expect, test, vi } from 'vitest'
import { deriveSessionKeys } from './session-keys.ts'
import { encodeSession, type Session } from './session.ts'
import { browser } from '../testing/browser.ts'
import { authApp, rightPassword, testSecret, type AuthApp } from '../testing/auth-app.ts'
import { verifiedCookies } from './verified-cookies.ts'

const minute = 60_000
const day = 24 * 60 * minute
const sessionCookies = ['grapevine', 'grapevine.sig'] as const

/** Ann, whose cookie this node has seen and verified, and a stranger's browser that holds a copy of it. */
const verified = async (options: Parameters<typeof authApp>[0] = {}) => {
  const here = await authApp(options)
  const ann = await here.loggedIn('ann')
  expect((await ann.get('/home')).status).toBe(200)
  return { ...here, ann, copy: () => browser(here.url, ann.cookies) }
}

const statusOf = async (here: Pick<AuthApp, 'url'>, cookies: Iterable<[string, string]>): Promise<number> =>
  (await browser(here.url, cookies).get('/home')).status

describe('a cookie that was verified before', () => {
  test('opens with all of its bytes only: each one altered, cut, grown or swapped is refused', async () => {
    const { ann, url } = await verified()
    for (const name of sessionCookies) {
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
    const [value, signature] = sessionCookies.map((name) => ann.cookies.get(name) ?? '')
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
    pass(day - minute)
    expect((await copy().get('/home')).status).toBe(200)
    pass(2 * minute)
    expect((await copy().get('/home')).status).toBe(302)
  })

  test.each<[string, (here: AuthApp) => unknown]>([
    ['has its sessions ended', ({ accounts }) => accounts.put('ann', { sessionEpoch: 'another' })],
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
    const rotated = await authApp({ accounts, keys: deriveSessionKeys(['a newer secret of the cluster']) })
    expect(await statusOf(rotated, ann.cookies)).toBe(302)
  })

  test('of an older key is honoured and renewed each time, never kept', async () => {
    const { ann, accounts } = await verified()
    const keys = deriveSessionKeys(['a newer secret of the cluster', testSecret])
    const rotated = await authApp({ accounts, keys })
    for (let time = 0; time < 3; time += 1) {
      const answer = await browser(rotated.url, ann.cookies).get('/home')
      expect(answer.status).toBe(200)
      expect(answer.setCookies.some((line) => line.startsWith('grapevine.sig='))).toBe(true)
    }
  })

  test('goes on being touched once a minute, and being replaced by a login', async () => {
    const { ann, pass, copy } = await verified()
    pass(minute)
    expect((await ann.get('/home')).setCookies).toHaveLength(2)
    expect((await ann.get('/home')).setCookies).toEqual([])
    const before = copy()
    await ann.submit('/', { username: 'ann', password: rightPassword })
    expect((await ann.get('/home')).status).toBe(200)
    expect((await before.get('/home')).status).toBe(302)
  })
})

describe('what is remembered', () => {
  const grip = deriveSessionKeys([testSecret])
  const session = { id: 'i'.repeat(22), csrf: 'c'.repeat(22), issuedAt: 1 }

  /** A memory of two cookies, and the signatures that it computed. */
  const memory = (limit = 2) => {
    const sign = vi.fn<(data: string) => string>((data) => grip.sign(data))
    return { ...verifiedCookies({ sign }, 'grapevine', limit), sign }
  }

  const request = (content: Partial<Session> = {}, signer = grip) => {
    const value = encodeSession({ ...session, ...content })
    const cookie = `grapevine=${value}; grapevine.sig=${signer.sign(`grapevine=${value}`)}`
    const incoming = Object.assign(Object.create(null), { headers: { cookie }, socket: {} })
    return new Koa().createContext(incoming, Object.create(null))
  }

  test('is a cookie, whose signature is computed once', () => {
    const { read, sign } = memory()
    for (let time = 0; time < 3; time += 1) expect(read(request())).toEqual(session)
    expect(sign).toHaveBeenCalledTimes(1)
  })

  test('is bounded in number: the first makes room for one more', () => {
    const { read, sign } = memory(2)
    for (const issuedAt of [1, 2, 3]) read(request({ issuedAt }))
    sign.mockClear()
    for (const issuedAt of [2, 3]) read(request({ issuedAt }))
    expect(sign).not.toHaveBeenCalled()
    read(request({ issuedAt: 1 }))
    expect(sign).toHaveBeenCalledTimes(1)
  })

  test('is bounded in bytes: a long cookie is read anew each time', () => {
    const { read, sign } = memory()
    const content = { returnTo: `/${'p'.repeat(1000)}` }
    for (let time = 0; time < 2; time += 1) expect(read(request(content))).toEqual({ ...session, ...content })
    expect(sign).toHaveBeenCalledTimes(2)
  })

  test('is nothing when it is switched off, and nothing of a foreign key', () => {
    const off = memory(0)
    for (let time = 0; time < 2; time += 1) off.read(request())
    expect(off.sign).toHaveBeenCalledTimes(2)
    const { read } = memory()
    const foreign = deriveSessionKeys(['a foreign secret of a cluster'])
    for (let time = 0; time < 2; time += 1) expect(read(request({}, foreign))).toBeUndefined()
  })

  test('cannot be changed by who uses it', () => {
    expect(Object.isFrozen(memory().read(request()))).toBe(true)
  })
})
