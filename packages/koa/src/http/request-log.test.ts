import { once } from 'node:events'
import { createServer } from 'node:http'
import Koa from 'koa'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { requestFields, requestLog } from './request-log.ts'

test('every line written while a request is answered names it, also after a wait, and no other request', async () => {
  const lines: { readonly msg: string; readonly requestId?: string }[] = []
  const log = pino(
    { level: 'debug', mixin: requestFields },
    { write: (line) => void lines.push(JSON.parse(line)) },
  )
  const app = new Koa()
  app.use(requestLog(log))
  app.use(async (ctx) => {
    await new Promise((resolve) => setImmediate(resolve))
    log.info({}, ctx.path)
    ctx.body = 'ok'
  })
  const answer = app.callback()
  const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  await Promise.all(
    ['/a', '/b'].map(async (path) =>
      (
        await fetch(`${url}${path}`, {
          headers: { 'x-request-id': `id-of-${path.slice(1)}`, connection: 'close' },
        })
      ).text(),
    ),
  )
  await new Promise((resolve) => server.close(resolve))
  log.info({}, 'outside')
  expect(lines.filter(({ msg }) => msg !== 'answered').map(({ msg, requestId }) => [msg, requestId])).toEqual(
    [
      ['/a', 'id-of-a'],
      ['/b', 'id-of-b'],
      ['outside', undefined],
    ],
  )
  const answered = lines.filter(({ msg }) => msg === 'answered').map(({ requestId }) => requestId)
  expect(new Set(answered)).toEqual(new Set(['id-of-a', 'id-of-b']))
})
