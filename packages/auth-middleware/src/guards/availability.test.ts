import Koa from 'koa'
import { describe, expect, test } from 'vitest'
import { onSplit, type ClusterView } from './availability.ts'
import { refuseUntilReady } from './availability.ts'
import { browser } from '../testing/browser.ts'
import { listen } from '../testing/auth-app.ts'

const behind = async (gate: Koa.Middleware) => {
  const app = new Koa()
  app.silent = true
  app.use(gate)
  app.use((ctx) => void (ctx.body = 'passed'))
  return browser(await listen(app))
}

describe('onSplit', () => {
  const views = ['whole', 'majority', 'minority'] as const
  test.each<['allow' | 'readOnly' | 'deny', 'majority' | 'whole', number[], number[]]>([
    ['allow', 'whole', [200, 200, 200], [200, 200, 200]],
    ['readOnly', 'majority', [200, 200, 200], [200, 200, 503]],
    ['readOnly', 'whole', [200, 200, 200], [200, 503, 503]],
    ['deny', 'majority', [200, 200, 503], [200, 200, 503]],
    ['deny', 'whole', [200, 503, 503], [200, 503, 503]],
  ])('%s, needing %s', async (policy, needs, gets, posts) => {
    let view: ClusterView = 'whole'
    const visitor = await behind(onSplit(policy, { view: () => view, needs }))
    const statuses: { gets: number[]; posts: number[] } = { gets: [], posts: [] }
    for (view of views) {
      statuses.gets.push((await visitor.get('/')).status)
      statuses.posts.push((await visitor.post('/', {})).status)
    }
    expect(statuses).toEqual({ gets, posts })
  })

  test('without `needs` the larger side goes on', async () => {
    expect((await (await behind(onSplit('deny', { view: () => 'majority' }))).get('/')).status).toBe(200)
  })

  test('says when to come again', async () => {
    const answer = await (await behind(onSplit('deny', { view: () => 'minority' }))).get('/')
    expect([answer.headers.get('Retry-After'), answer.text]).toEqual([
      '5',
      'This instance cannot reach enough of the others now. Try again in a moment.',
    ])
  })

  test('a policy that is none is refused at start', () => {
    expect(() => onSplit(JSON.parse('"never"'), { view: () => 'whole' })).toThrow('policy is "never"')
  })
})

test('refuseUntilReady lets nobody in before the node is ready', async () => {
  let ready = false
  const visitor = await behind(refuseUntilReady({ isReady: () => ready }))
  const early = await visitor.get('/')
  expect([early.status, early.headers.get('Retry-After')]).toEqual([503, '1'])
  expect(early.text).toContain('has not caught up yet')
  ready = true
  expect((await visitor.get('/')).text).toBe('passed')
})
