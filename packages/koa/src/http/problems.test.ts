import { once } from 'node:events'
import { TooManyChangesError } from '@grapevine/user-cache'
import Koa from 'koa'
import { expect, test } from 'vitest'
import { problemPages, problems } from './problems.ts'

const site = { name: 'app', home: '/', links: [], basePath: '', styleSheet: '', styleUrl: '' }
const guest = { site, node: 'node-1', user: undefined, csrfToken: undefined }

/** What the app answers, as JSON, when a handler throws. */
const answerTo = async (thrown: unknown) => {
  const app = new Koa()
  app.on('error', () => undefined)
  app.use(problems(problemPages({ view: () => '', guest, frameOf: () => guest })))
  app.use(() => {
    throw thrown
  })
  const server = app.listen(0, '127.0.0.1')
  try {
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { Accept: 'application/json' } })
    return { status: response.status, wait: response.headers.get('retry-after'), body: await response.json() }
  } finally {
    server.close()
  }
}

test('who changes their account too often is told so, and when to try again', async () => {
  expect(await answerTo(new TooManyChangesError(29_001))).toEqual({
    status: 429,
    wait: '30',
    body: {
      error: 'Too often',
      message: 'This account was changed too often. Nothing was written; try again in 30 s.',
    },
  })
})

test('of anything else that goes wrong the inside is not told', async () => {
  expect(await answerTo(new Error('secret'))).toEqual({
    status: 500,
    wait: null,
    body: { error: 'Something went wrong here' },
  })
})
