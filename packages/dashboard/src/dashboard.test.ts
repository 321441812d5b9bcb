import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import Koa from 'koa'
import { afterEach, describe, expect, test } from 'vitest'
import { dashboard } from './dashboard.ts'
import { member, pictureOf } from './testing/pictures.ts'
import type { DashboardOptions } from './config.ts'
import type { Source } from './picture.ts'

const source: Source = { read: async () => pictureOf([member('node-1'), member('node-2')]) }

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

const serve = async (options: Partial<DashboardOptions> = {}): Promise<string> => {
  const app = new Koa()
  app.use(dashboard({ source, mode: 'development', ...options }))
  app.use((ctx) => {
    ctx.body = 'the app'
  })
  const answer = app.callback()
  const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `http://127.0.0.1:${address.port}`
}

describe('the dashboard', () => {
  test('is a whole page that needs no script, and loads only what it serves itself', async () => {
    const url = await serve()
    const answer = await fetch(`${url}/dashboard`)
    const page = await answer.text()
    expect(page).toContain('2 members, all of them linked')
    expect(page).toContain('<noscript><a href="/dashboard">Look again</a></noscript>')
    expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'")
    expect(page).not.toMatch(/ on\w+=| style=|<style/)
    const loaded = [...page.matchAll(/(?:src|href)="(\/[^"]+\?v=[^"]+)"/g)].map(([, path]) => path)
    expect(loaded).toHaveLength(3)
    for (const path of loaded) expect((await fetch(`${url}${path}`)).status, path).toBe(200)
  })

  test('sends what is there now to whoever watches', async () => {
    const url = await serve({ path: '/live' })
    const answer = await fetch(`${url}/live/feed`, { signal: AbortSignal.timeout(10_000) })
    expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/)
    const reader = answer.body?.getReader()
    let text = ''
    while (!text.includes('all of them linked')) {
      text += new TextDecoder().decode((await reader?.read())?.value)
    }
    await reader?.cancel()
  })

  test('lets other requests pass', async () => {
    const url = await serve()
    for (const path of ['/', '/dashboard/', '/dashboard/other', '/dashboardx']) {
      expect(await (await fetch(`${url}${path}`)).text()).toBe('the app')
    }
  })

  test.each(['/dashboard', '/dashboard/feed', '/dashboard/dashboard.js'])(
    'is closed in production without a guard: %s',
    async (path) => {
      const answer = await fetch(`${await serve({ mode: 'production' })}${path}`)
      expect(answer.status).toBe(403)
      expect(await answer.text()).toContain('needs a guard')
    },
  )

  test('is as open as its guard says', async () => {
    const url = await serve({ mode: 'production', guard: (ctx) => ctx.get('x-key') === 'right' })
    expect((await fetch(`${url}/dashboard`)).status).toBe(403)
    expect((await fetch(`${url}/dashboard`, { headers: { 'x-key': 'right' } })).status).toBe(200)
  })

  test('stands in the page of the app when it gives one', async () => {
    const url = await serve({ frame: (_ctx, { title, scriptUrl }) => `my ${title} with ${scriptUrl}` })
    expect(await (await fetch(`${url}/dashboard`)).text()).toMatch(
      /^my Cluster with \/dashboard\/dashboard\.js/,
    )
  })

  test('ends its streams when the signal says so', async () => {
    const stopping = new AbortController()
    const url = await serve({ signal: stopping.signal })
    const answer = await fetch(`${url}/dashboard/feed`, { signal: AbortSignal.timeout(10_000) })
    stopping.abort()
    await answer.text()
    expect((await fetch(`${url}/dashboard/feed`)).status).toBe(503)
  })

  test.each([
    ['path', { path: 'live' }],
    ['path', { path: '/live/' }],
    ['interval', { interval: 5 }],
    ['mostWatchers', { mostWatchers: 0 }],
    ['gard', { gard: () => true }],
  ])('a bad %s is refused at once', (option, wrong) => {
    expect(() => dashboard({ source, mode: 'development', ...wrong })).toThrow(
      new RegExp(`^${option} is .*allowed`),
    )
  })
})
