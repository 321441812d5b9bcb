import { randomBytes } from 'node:crypto'
import Koa from 'koa'
import { createSession } from 'koa-session'
import { serve } from '../../processes/serve.ts'
import { recordOf, type StoredUser } from '../../users.ts'
import type { HttpCalls } from './http-calls.ts'
import { loginRoutes, readSession } from './plain-session.ts'
import { listen, page, signIn } from './site.ts'

/** koa-session as it comes, the session in its signed cookie, and the users in a `Map`. */
serve<HttpCalls>({
  start: async ({ users: count }) => {
    const users = new Map<string, StoredUser>()
    for (let index = 0; index < count; index += 1) {
      const user = recordOf(index)
      users.set(user.id, user)
    }
    const app = new Koa()
    app.keys = [randomBytes(32).toString('base64url')]
    app.use(createSession(app))
    for (const route of loginRoutes) app.use(route)
    app.use((ctx, next) => {
      const user = users.get(readSession(ctx) ?? '')
      if (user === undefined) return ctx.redirect('/')
      signIn(ctx, user)
      return next()
    })
    app.use(page)
    return await listen(app)
  },
})
