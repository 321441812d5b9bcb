import { once } from 'node:events'
import { createServer } from 'node:http'
import { readFileSync } from 'node:fs'
import Koa from 'koa'
import { expect, test } from 'vitest'
import { dashboard, type Source } from './index.ts'

// The program of the README, but for its last line.
const one = { id: 'a', name: 'node-1', state: 'alive' } as const
const two = { id: 'b', name: 'node-2', state: 'alive' } as const
const report = { kind: 'answered', digest: '7d8f', view: 'whole', users: 12 } as const

const source: Source = {
  read: async () => ({
    at: Date.now(),
    observer: { kind: 'member', id: 'a' },
    members: [
      { ...one, report },
      { ...two, report },
    ],
    links: [['a', 'b']],
    contested: [],
    traffic: [{ name: 'users', bytesIn: 1_204, bytesOut: 980, refused: 0 }],
    events: [{ at: Date.now(), text: 'node-2 is up' }],
  }),
}

const app = new Koa()
app.use(dashboard({ source, mode: 'production', guard: (ctx) => ctx.ip === '127.0.0.1' }))
// The end of the program.

test('the example of the README stands there as it is here, and shows a picture', async () => {
  const [, program = ''] =
    /\n(const one = [\s\S]*)\/\/ The end/.exec(readFileSync(new URL(import.meta.url), 'utf8')) ?? []
  expect(readFileSync(new URL('../README.md', import.meta.url), 'utf8')).toContain(program.trimEnd())
  const answer = app.callback()
  const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const page = await (await fetch(`http://127.0.0.1:${port}/dashboard`)).text()
  expect(page).toContain('2 members, all of them linked')
  server.close()
})
