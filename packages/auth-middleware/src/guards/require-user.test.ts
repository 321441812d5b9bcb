import Koa from 'koa'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { requireUser } from './require-user.ts'
import { deriveSessionKeys } from '../sessions/session-keys.ts'
import { sessions } from '../sessions/sessions.ts'
import { authApp, listen, rightPassword, testSecret, useRoutes } from '../testing/auth-app.ts'

const ann = { username: 'ann', password: rightPassword }

test('a browser is sent to the login page, and after login back to what it asked for', async () => {
  const { loggedIn, visitor } = await authApp()
  await loggedIn('ann')
  const browser = visitor()
  const turnedAway = await browser.get('/budget?month=5')
  expect([turnedAway.status, turnedAway.location]).toEqual([302, '/'])
  const welcomed = await browser.submit('/', ann)
  expect([welcomed.status, welcomed.location]).toEqual([302, '/budget?month=5'])
})

test('a program that prefers JSON gets 401 and no session', async () => {
  const { visitor } = await authApp()
  const answer = await visitor().get('/budget', { Accept: 'application/json' })
  expect(answer.status).toBe(401)
  expect(JSON.parse(answer.text)).toMatchObject({ error: 'UNAUTHENTICATED' })
  expect(answer.setCookies).toEqual([])
  expect(answer.headers.get('Vary')).toContain('Accept')
})

test.each(['/%2fevil.example', '/\\evil.example'])('%s is not remembered', async (path) => {
  const { loggedIn, url } = await authApp()
  await loggedIn('ann')
  const { cookie, status } = await rawGet(url, path)
  expect(status).toBe('302')
  expect(cookie).toBeUndefined()
})

test('only GET is remembered: nothing else can be repeated by a redirect', async () => {
  const app = new Koa()
  app.use(sessions(app, { keys: deriveSessionKeys([testSecret]), mode: 'development' }))
  app.use(requireUser({ loginPath: '/login' }))
  const url = await listen(app)
  for (const method of ['POST', 'HEAD', 'DELETE']) {
    const answer = await fetch(`${url}/budget`, { method, redirect: 'manual' })
    expect([answer.status, answer.headers.get('Location')]).toEqual([302, '/login'])
    expect(answer.headers.getSetCookie()).toEqual([])
  }
})

test('what a user sees is not stored by caches, unless the handler says so', async () => {
  const app = new Koa()
  app.use((ctx, next) => {
    ctx.state.user = { id: 'ann', username: 'ann', claim: 'sole', roles: [] }
    return next()
  })
  app.use(requireUser())
  useRoutes(app, {
    'GET /page': (ctx) => void (ctx.body = 'private'),
    'GET /logo': (ctx) => {
      ctx.set('Cache-Control', 'max-age=60')
      ctx.body = 'public'
    },
  })
  const url = await listen(app)
  expect((await fetch(`${url}/page`)).headers.get('Cache-Control')).toBe('no-store')
  expect((await fetch(`${url}/logo`)).headers.get('Cache-Control')).toBe('max-age=60')
})

test('a login path of another site is refused at start', () => {
  expect(() => requireUser({ loginPath: '//evil.example' })).toThrow('loginPath is "//evil.example"')
})

/** A request that `fetch` would tidy up first. */
const rawGet = (
  url: string,
  path: string,
): Promise<{ status: string | undefined; cookie: string | undefined }> =>
  new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: own.example\r\nConnection: close\r\n\r\n`)
    })
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => void (text += chunk))
    socket.on('error', reject)
    socket.on('end', () => {
      const cookie = /set-cookie: grapevine=(\S+)/i.exec(text)?.[1]
      resolve({ status: /^HTTP\/1.1 (\d+)/.exec(text)?.[1], cookie })
    })
  })
