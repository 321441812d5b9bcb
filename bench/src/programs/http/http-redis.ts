import { randomBytes } from 'node:crypto'
import Koa from 'koa'
import { createSession } from 'koa-session'
import { createClient } from 'redis'
import { serve } from '../../processes/serve.ts'
import { recordOf, type StoredUser } from '../../users.ts'
import type { HttpCalls } from './http-calls.ts'
import { loginRoutes, readSession } from './plain-session.ts'
import { listen, page, signIn } from './site.ts'

/** koa-session as it comes, with its store in Redis, and the user read from Redis on each request. */
serve<HttpCalls>({
  start: async ({ users, redisPort }) => {
    if (redisPort === undefined) throw new Error('this server needs a Redis')
    const redis = createClient({ socket: { host: '127.0.0.1', port: redisPort } })
    await redis.connect()
    await fill(users, (key, value) => redis.set(key, value))

    const app = new Koa()
    app.keys = [randomBytes(32).toString('base64url')]
    app.use(
      createSession(app, {
        store: {
          get: async (key: string) => parse(await redis.get(key)),
          set: async (key: string, session: unknown, maxAge: number) => {
            await redis.set(key, JSON.stringify(session), { PX: maxAge })
          },
          destroy: async (key: string) => {
            await redis.del(key)
          },
        },
      }),
    )
    for (const route of loginRoutes) app.use(route)
    app.use(async (ctx, next) => {
      const id = readSession(ctx)
      const stored = id === undefined ? null : await redis.get(`user:${id}`)
      if (stored === null) return ctx.redirect('/')
      const user: StoredUser = JSON.parse(stored)
      signIn(ctx, user)
      return next()
    })
    app.use(page)
    return await listen(app)
  },
})

const parse = (stored: string | null): unknown => (stored === null ? null : JSON.parse(stored))

const fill = async (count: number, set: (key: string, value: string) => Promise<unknown>): Promise<void> => {
  for (let from = 0; from < count; from += 1000) {
    const to = Math.min(from + 1000, count)
    const writes: Promise<unknown>[] = []
    for (let index = from; index < to; index += 1) {
      const user = recordOf(index)
      writes.push(set(`user:${user.id}`, JSON.stringify(user)))
    }
    await Promise.all(writes)
  }
}
