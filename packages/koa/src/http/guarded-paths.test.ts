import { expect, test } from 'vitest'
import { member, servedInstance } from '../testing/served-instance.ts'

/** Only one of them is the path; none may be a way round the guard. */
const spellings = [
  '/cluster',
  '/Cluster',
  '/CLUSTER',
  '/cluster/',
  '/cluster//',
  '//cluster',
  '/cluster?x',
  '/cluster;x',
  '/%63luster',
  '/./cluster',
  '/x/../cluster',
  '/cluster.json',
  '/cluster.JSON',
  '/cluster.json/',
  '/cluster%2ejson',
  '/account/../cluster.json',
  '/cluster/feed',
  '/cluster/feed/',
]

test('no spelling of a path shows the cluster to who may not see it, and each is answered by a page', async () => {
  const { browser } = await servedInstance({ env: { NODE_ENV: 'production' } })
  for (const visitor of [await member(browser()), browser()]) {
    for (const path of spellings) {
      const { status, text } = await visitor.get(path)
      expect([path, status === 403 || status === 404]).toEqual([path, true])
      expect(text).not.toMatch(/incarnation|"members"|member-1/)
      expect(text).toContain('</html>')
    }
  }
})

test.each(['//evil.example/%2f..', '/\\evil.example', '/../../etc/passwd', '/.git/config', '/admin.sock'])(
  '%s leads nowhere',
  async (path) => {
    const { browser } = await servedInstance()
    const { status, headers } = await browser().get(path)
    expect([status, headers.location]).toEqual([404, undefined])
  },
)
