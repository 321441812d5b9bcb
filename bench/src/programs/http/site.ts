import { once } from 'node:events'
import { createServer } from 'node:http'
import Koa from 'koa'
import type { StoredUser } from '../../users.ts'

/** The page that all servers give: a line for whoever is logged in. */
export const page: Koa.Middleware = (ctx) => {
  ctx.body = `Hello ${ctx.state.user?.username}, here is your budget.`
}

/** What the middleware of Grapevine sets, for the servers that do without it. */
export const signIn = (ctx: Koa.Context, { id, username }: StoredUser): void => {
  ctx.state.user = { id, username, claim: 'sole', roles: [] }
}

/** A route, without a router: all servers have the same, so that it makes no difference. */
export const on =
  (method: string, path: string, middleware: Koa.Middleware): Koa.Middleware =>
  (ctx, next) =>
    ctx.method === method && ctx.path === path ? middleware(ctx, next) : next()

/** @returns the port of 127.0.0.1 */
export const listen = async (app: Koa): Promise<{ readonly port: number }> => {
  app.silent = true
  const answer = app.callback()
  const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port')
  return { port: address.port }
}
