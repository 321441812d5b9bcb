import { antiForgeryToken } from '@grapevine/auth-middleware'
import type Koa from 'koa'
import type { User } from '@grapevine/user-cache'
import type { PageFrame } from '../markup/layout.ts'
import type { Site } from '../markup/site.ts'

/** What every page of the app is framed by, for this request. */
export type FrameOf = (ctx: Koa.Context) => PageFrame

export const framing =
  (site: Site, node: string): FrameOf =>
  (ctx) => {
    const user: User | undefined = ctx.state['user']
    ctx.type = 'html'
    ctx.set('Cache-Control', 'no-store')
    return {
      site,
      node,
      user: user === undefined ? undefined : { username: user.username, claim: user.claim },
      // Guests see no form on the pages that use this.
      csrfToken: user === undefined ? undefined : antiForgeryToken(ctx),
    }
  }

/** After `requireUser`. */
export const userOf = (ctx: Koa.Context): User => {
  const user: User | undefined = ctx.state['user']
  if (user === undefined) throw new Error('a page that needs a user was reached without one')
  return user
}
