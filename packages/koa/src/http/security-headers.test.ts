import { request } from 'node:http'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { member, servedInstance } from '../testing/served-instance.ts'

test('every answer tells the browser to run, frame and guess nothing, and no other site may read it', async () => {
  const { browser } = await servedInstance({
    env: { NODE_ENV: 'production', PUBLIC_URL: 'https://app.example' },
  })
  const visitor = browser()
  const answers = [
    await visitor.get('/'),
    await visitor.get('/nowhere'),
    await visitor.get('/account'),
    await visitor.get('/cluster'),
    await visitor.get('/healthz'),
    await visitor.get('/style.css'),
    await visitor.post('/', {}, { Origin: 'https://evil.example' }),
    await visitor.post('/signup', { username: 'x'.repeat(40_000) }),
  ]
  for (const { headers } of answers) {
    const policy = String(headers['content-security-policy'])
    for (const rule of ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"])
      expect(policy).toContain(rule)
    expect(policy).not.toContain('unsafe')
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['referrer-policy']).toBe('same-origin')
    expect(headers['strict-transport-security']).toContain('max-age=31536000')
    expect(headers['access-control-allow-origin']).toBeUndefined()
    expect(headers['x-powered-by'] ?? headers.server).toBeUndefined()
  }
})

test('TRACE repeats nothing of what was sent', async () => {
  const { grapevine } = await servedInstance({ env: { NODE_ENV: 'production' } })
  const server = await new Promise<{ port: number; close: () => void }>((resolve) => {
    void import('node:http').then(({ createServer }) => {
      const made = createServer(grapevine.callback()).listen(0, '127.0.0.1', () => {
        const address = made.address()
        resolve({
          port: typeof address === 'object' && address !== null ? address.port : 0,
          close: () => void made.close(),
        })
      })
    })
  })
  const text = await new Promise<string>((resolve, reject) => {
    const sent = request({
      port: server.port,
      method: 'TRACE',
      path: '/',
      headers: { 'x-secret': 'echo me' },
    })
    sent.once('error', reject)
    sent.once('response', (answer) => {
      let body = `${answer.statusCode} `
      answer.on('data', (part: Buffer) => (body += part.toString()))
      answer.on('end', () => resolve(body))
    })
    sent.end()
  })
  server.close()
  expect(text).not.toContain('echo me')
  expect(text).toMatch(/^4|^5/)
})

test('that somebody asked for what their account may not see is in the log, with who and where', async () => {
  const lines: string[] = []
  const log = pino({}, { write: (line: string) => void lines.push(line) })
  const { grapevine, browser } = await servedInstance({ log, env: { NODE_ENV: 'production' } })
  const ada = await member(browser())
  for (const path of ['/cluster', '/cluster.json']) expect((await ada.get(path)).status).toBe(403)
  const [user] = grapevine.users.claimants('ada')
  const refused = lines
    .map((line): { audit?: object } => JSON.parse(line))
    .flatMap(({ audit }) => (audit !== undefined && 'path' in audit ? [audit] : []))
  const common = { type: 'access-refused', actor: user?.id, ip: '127.0.0.1', requestId: expect.any(String) }
  expect(refused).toEqual([
    { ...common, path: '/cluster', at: expect.any(Number) },
    { ...common, path: '/cluster.json', at: expect.any(Number) },
  ])
})
