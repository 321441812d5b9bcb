// The example of README.md, word for word but for where things are (see readme.test.ts).
import { expect, test } from 'vitest'
import { browser, eventually, startCluster } from './index.ts'

test('what was counted survives a crash', async ({ signal }) => {
  await using cluster = await startCluster({
    entry: new URL('../fixtures/counter.mjs', import.meta.url),
    nodes: 2,
    signal,
  })
  const [one, two] = [cluster.node('node-1'), cluster.node('node-2')]

  await one.fetch('/count', { method: 'POST' })
  await one.kill()
  expect((await two.fetch('/count')).status).toBe(200) // the other one does not mind

  await one.restart()
  expect(await one.json('/count')).toBe(1)
})

test('a node that hung for a while answers again', async ({ signal }) => {
  await using cluster = await startCluster({
    entry: new URL('../fixtures/counter.mjs', import.meta.url),
    nodes: 2,
    signal,
  })
  const node = cluster.node('node-2')

  await node.pause()
  const slow = node.fetch('/count')
  await node.resume()
  expect((await slow).status).toBe(200)
})

test('who has logged in on one node is known on the other', async ({ signal }) => {
  await using cluster = await startCluster({
    entry: new URL('../fixtures/counter.mjs', import.meta.url),
    nodes: 2,
    signal,
  })
  const ada = browser(cluster.node('node-1'))

  const answer = await ada.submit(
    '/login',
    { username: 'ada', password: 'correct horse' },
    { action: '/login' },
  )
  expect([answer.status, answer.location]).toEqual([302, '/who'])

  const elsewhere = ada.at(cluster.node('node-2'))
  await eventually(async () => expect((await elsewhere.get('/who')).text).toContain('ada'), { within: 5_000 })
})
