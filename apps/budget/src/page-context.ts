import { antiForgeryToken } from '@grapevine/auth-middleware'
import type { User } from '@grapevine/user-cache'
import type Koa from 'koa'
import type { Node } from './node.ts'
import type { Chrome } from './pages/index.ts'

/** What every page of the app is framed by. */
export const chrome = (node: Node, ctx: Koa.Context): Chrome => {
  const user: User | undefined = ctx.state['user']
  ctx.type = 'html'
  ctx.set('Cache-Control', 'no-store')
  return {
    node: node.membership.self.name,
    user: user === undefined ? undefined : { username: user.username, claim: user.claim },
    // Guests see no form on the pages that use this.
    csrfToken: user === undefined ? undefined : antiForgeryToken(ctx),
  }
}

/** After `requireUser`, whose accounts are this app's users. */
export const userOf = (ctx: Koa.Context): User => {
  const user: User | undefined = ctx.state['user']
  if (user === undefined) throw new Error('a page that needs a user was reached without one')
  return user
}
