import { bodyParser } from '@koa/bodyparser'
import { recordOf } from '../../users.ts'
import { on } from './site.ts'
import type Koa from 'koa'

const parse = bodyParser()

/** Logs in whoever is named, without a password: the rivals are measured for what comes after. */
const logIn: Koa.Middleware = (ctx) =>
  parse(ctx, async () => {
    const { username }: { username?: unknown } = ctx.request.body ?? {}
    const index = Number(/^person-(\d+)$/.exec(String(username))?.[1])
    if (ctx.session === null || !Number.isSafeInteger(index)) return ctx.throw(400)
    ctx.session['userId'] = recordOf(index).id
    ctx.status = 204
  })

/** The same two as the Grapevine server has. */
export const loginRoutes: readonly Koa.Middleware[] = [
  on('GET', '/token', (ctx) => {
    ctx.body = 'none'
  }),
  on('POST', '/login', logIn),
]

export const readSession = (ctx: Koa.Context): string | undefined => {
  const userId: unknown = ctx.session?.['userId']
  return typeof userId === 'string' ? userId : undefined
}
