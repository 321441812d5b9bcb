import { Router } from '@koa/router'
import { requireUser, settleTwin, staleForm, twinOf } from '@grapevine/auth-middleware'
import { seeOther } from '../http/see-other.ts'
import { twinPath } from '../markup/layout.ts'
import type Koa from 'koa'
import type { AuthRouteParts } from './route-parts.ts'

/** What becomes of the second account of who signed up on both sides of a split. */
export const twinRoutes = (parts: AuthRouteParts): Router => {
  const router = new Router()
  const { hasher, instance } = parts
  const { accounts, attempts, joinUser, eraseUser } = instance
  router.get(twinPath, requireUser(), (ctx) => show(parts, ctx, staleForm(ctx)?.message))
  router.post(
    twinPath,
    settleTwin({
      accounts,
      attempts,
      hasher,
      view: (ctx, { error }) => show(parts, ctx, error),
      path: '/account?done=twin',
      ...(joinUser === undefined ? {} : { join: joinUser }),
      erase: (id) => eraseUser(id),
    }),
  )
  return router
}

const show = (
  { instance, views, frameOf }: AuthRouteParts,
  ctx: Koa.Context,
  error: string | undefined,
): void => {
  const twin = instance.users.get(twinOf(ctx)?.id ?? '')
  if (twin === undefined) return seeOther(ctx, '/account')
  const { username, registeredAt } = twin
  const canJoin = instance.joinUser !== undefined
  ctx.body = views.twin(frameOf(ctx), { username, registeredAt: new Date(registeredAt), canJoin, error })
}
