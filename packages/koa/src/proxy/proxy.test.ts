import { pino } from 'pino'
import { expect, test } from 'vitest'
import { trustedProxiesOf } from '../settings/proxies.ts'
import { servedInstance, member } from '../testing/served-instance.ts'
import { clientAddress } from './client-address.ts'

test.each([
  ['', '203.0.113.9', '10.0.0.1', 'nobody is trusted: the peer is the client'],
  ['1', '203.0.113.9', '203.0.113.9', 'one proxy says who asked it'],
  ['1', '6.6.6.6, 203.0.113.9', '203.0.113.9', 'what the client wrote itself is not looked at'],
  ['2', '6.6.6.6, 203.0.113.9, 10.0.0.2', '203.0.113.9', 'two proxies, one behind the other'],
  ['2', '203.0.113.9', '203.0.113.9', 'fewer hops than proxies: the first is the client'],
  ['10.0.0.0/8', '6.6.6.6, 203.0.113.9, 10.0.0.2', '203.0.113.9', 'the first that is no proxy of ours'],
  ['192.168.0.0/16', '203.0.113.9', '10.0.0.1', 'the peer is no proxy of ours'],
  ['1', '[2001:db8::1]:4711', '2001:db8::1', 'with brackets and a port'],
  ['1', '203.0.113.9:4711', '203.0.113.9', 'with a port'],
  ['1', '::ffff:203.0.113.9', '203.0.113.9', 'an IPv4 address in the clothes of IPv6'],
  ['1', 'unknown', '10.0.0.1', 'no address at all: whoever said so is the last that is known'],
  ['1', '', '10.0.0.1', 'a request that came without the header'],
  ['16', Array.from({ length: 1_000 }, () => '6.6.6.6').join(), '6.6.6.6', 'a header without an end'],
])('TRUSTED_PROXIES=%j, X-Forwarded-For %.40j: the client is %s (%s)', (trusted, header, client) => {
  expect(clientAddress('::ffff:10.0.0.1', header, trustedProxiesOf(trusted || undefined))).toBe(client)
})

test.each(['17', 'proxy', '10.0.0.0/33', '10.0.0/8', '::1/129', '10.0.0.1/8/8', '10.0.0.1/'])(
  'TRUSTED_PROXIES=%j is refused',
  (value) => expect(() => trustedProxiesOf(value)).toThrow(/^TRUSTED_PROXIES: /),
)

const production = (env: Readonly<Record<string, string>> = {}) => {
  const lines: string[] = []
  const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) })
  const started = servedInstance({ log, env: { NODE_ENV: 'production', ...env } })
  return { started, said: (what: string) => lines.filter((line) => line.includes(what)).length }
}

test('300 wrong passwords through a proxy do not lock out the owner at another address', async () => {
  const { started } = production({ TRUSTED_PROXIES: '1' })
  const { browser } = await started
  await member(browser(), 'ada', { 'X-Forwarded-For': '203.0.113.1' })
  const guesser = browser()
  const wrong = { username: 'nobody', password: 'a guess that is wrong' }
  for (let tries = 0; tries < 301; tries += 1) {
    await guesser.submit('/', wrong, { 'X-Forwarded-For': '203.0.113.66' })
  }
  const last = await guesser.submit('/', wrong, { 'X-Forwarded-For': '203.0.113.66' })
  expect(last.status).toBe(429)
  const right = { username: 'ada', password: 'a password that is long' }
  const owner = await browser().submit('/', right, { 'X-Forwarded-For': '203.0.113.1' })
  expect(owner).toMatchObject({ status: 302 })
})

test('a proxy whose word is not taken is warned of, once', async () => {
  const { started, said } = production()
  const { browser } = await started
  for (let tries = 0; tries < 3; tries += 1) await browser().get('/', { 'X-Forwarded-For': '203.0.113.9' })
  expect(said('TRUSTED_PROXIES')).toBe(1)
})

test.each(['app:3000', 'example.com:443'])(
  'with PUBLIC_URL a form from there is taken, whatever Host the proxy sends (%s)',
  async (host) => {
    const { started, said } = production({ PUBLIC_URL: 'https://example.com' })
    const { browser } = await started
    const fields = { username: 'ada', password: 'a password that is long' }
    const answer = await browser().submit('/signup', fields, { Host: host, Origin: 'https://example.com' })
    expect(answer).toMatchObject({ status: 302 })
    expect(answer.headers['strict-transport-security']).toMatch(/^max-age=\d{7,}$/)
    expect(said('PUBLIC_URL')).toBe(0)
  },
)

test('without PUBLIC_URL a form whose origin is not the Host is refused, and a warning names the variable', async () => {
  const { started, said } = production()
  const { browser } = await started
  const fields = { username: 'ada', password: 'a password that is long' }
  const headers = { Host: 'app:3000', Origin: 'https://example.com' }
  expect((await browser().submit('/signup', fields, headers)).status).not.toBe(302)
  await browser().submit('/signup', fields, headers)
  expect(said('PUBLIC_URL')).toBe(1)
})

test('a form that came over http in production is warned of: nobody would stay logged in', async () => {
  const { started, said } = production()
  const { browser } = await started
  await browser().submit('/signup', {}, { Host: '10.0.0.5:3000', Origin: 'http://10.0.0.5:3000' })
  expect(said('over http')).toBe(1)
})

test.each([
  ['as browsers see it', '/app'],
  ['stripped by the proxy', ''],
])('below BASE_PATH everything works, with the path %s', async (_words, prefix) => {
  const { browser } = await servedInstance({ env: { BASE_PATH: '/app' }, home: '/account' })
  const ada = browser()
  const login = await ada.get(`${prefix}/`)
  expect(login.text).toContain('<form method="post" action="/app/">')
  expect(login.text).toMatch(/<link rel="stylesheet" href="\/app\/style\.css\?v=/)
  expect(login.text).not.toMatch(/ (href|action|src)="\/(?!app\/)/)
  expect((await ada.get(`${prefix}/account/password`)).headers.location).toBe('/app/')
  const fields = { username: 'ada', password: 'a password that is long' }
  expect((await ada.submit(`${prefix}/signup`, fields)).headers.location).toBe('/app/')
  // The page that was asked for is remembered, and found again below the same path.
  expect((await ada.submit(`${prefix}/`, fields)).headers.location).toBe('/app/account/password')
  expect((await ada.get(`${prefix}/cluster`)).text).toContain('data-gv-feed="/app/cluster/feed"')
  expect((await ada.get('/application')).status).toBe(404)
})

test('the path of PUBLIC_URL is the base path unless another is given', async () => {
  const { grapevine } = await servedInstance({ env: { PUBLIC_URL: 'https://example.com/app/' } })
  expect(grapevine.settings).toMatchObject({ publicUrl: 'https://example.com', basePath: '/app' })
})
