import { accountNews, antiForgeryToken, type SignedInUser } from '@grapevine/auth-middleware'
import type Koa from 'koa'
import type { PageFrame } from '../markup/layout.ts'
import type { Site } from '../markup/site.ts'

/** What every page of the app is framed by, for this request. */
export type FrameOf = (ctx: Koa.Context) => PageFrame

export const framing =
  (site: Site, node: string, seesCluster: (ctx: Koa.Context) => boolean): FrameOf =>
  (ctx) => {
    const { user } = ctx.state
    ctx.type = 'html'
    ctx.set('Cache-Control', 'no-store')
    return {
      site,
      node,
      user: user === undefined ? undefined : { username: user.username, claim: user.claim },
      // Guests see no form on the pages that use this.
      hasNews: accountNews(ctx).length > 0,
      seesCluster: seesCluster(ctx),
      csrfToken: user === undefined ? undefined : antiForgeryToken(ctx),
    }
  }

/** After `requireUser`. */
export const userOf = (ctx: Koa.Context): SignedInUser => {
  const { user } = ctx.state
  if (user === undefined) throw new Error('a page that needs a user was reached without one')
  return user
}
