import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browser, type Browser } from './browser.ts'
import { startCluster, type Cluster } from '../cluster.ts'

const entry = new URL('../../fixtures/counter.mjs', import.meta.url)

describe('a browser', () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startCluster({ entry, nodes: 2 })
  })
  afterAll(async () => await cluster.stop())

  const fresh = (): Browser => browser(cluster.node(0))

  test('it posts a form with its hidden field, as a page of that site would', async () => {
    const ada = fresh()
    const page = await ada.submit('/login', { username: 'ada', password: 'x y' }, { action: '/login' })
    expect([page.status, page.location]).toEqual([302, '/who'])
    const [seen] = await ada.jar.getCookies(cluster.node(0).url)
    expect(JSON.parse(decodeURIComponent(seen?.value ?? ''))).toEqual({
      token: 't&1',
      username: 'ada',
      password: 'x y',
      origin: cluster.node(0).url,
      site: 'same-origin',
    })
  })

  test('it follows a redirect only when asked, with the cookies it was given', async () => {
    const landing = await (await fresh().submit('/login', {})).follow()
    expect([landing.status, landing.html.querySelector('p')?.text]).toEqual([
      200,
      expect.stringContaining('theme=dark'),
    ])
  })

  test('its cookies go with it to another node, and to nobody else', async () => {
    const ada = fresh()
    await ada.post('/login', {})
    await expect(ada.at(cluster.node(1)).get('/who')).resolves.toMatchObject({
      text: expect.stringContaining('theme=dark'),
    })
    const { fetch } = cluster.node(1)
    await expect(ada.at({ url: 'http://10.1.2.3:4000', fetch }).get('/who')).resolves.toMatchObject({
      text: expect.stringContaining('theme=dark'),
    })
    await expect(fresh().get('/who')).resolves.toMatchObject({ text: '<p>nobody</p>' })
  })

  test('a page of one node can be posted to another', async () => {
    const ada = fresh()
    const page = await ada.get('/login')
    const answer = await ada.at(cluster.node(1)).submit(page, {})
    expect(answer.url).toBe(`${cluster.node(1).url}/login`)
  })

  test('headers can be forged', async () => {
    const mallory = fresh()
    await mallory.post(
      '/login',
      {},
      { headers: { origin: 'http://evil.test', 'sec-fetch-site': 'cross-site' } },
    )
    const cookies = decodeURIComponent(await mallory.jar.getCookieString(cluster.node(0).url))
    expect(cookies).toContain('"origin":"http://evil.test","site":"cross-site"')
  })

  test('it goes to no other site, and nowhere from a page that does not redirect', async () => {
    await expect((await fresh().get('/away')).follow()).rejects.toThrow(
      'http://127.0.0.1:9/ leads to another site',
    )
    await expect((await fresh().get('/who')).follow()).rejects.toThrow('it does not redirect')
  })
})
