import { Router } from '@koa/router'
import {
  accountNews,
  dismissNews,
  endDevice,
  ownDevices,
  requireUser,
  staleForm,
  type View,
} from '@grapevine/auth-middleware'
import { devicesPath } from '../markup/layout.ts'
import { textOf } from '../http/form-text.ts'
import type Koa from 'koa'
import type { DevicesModel } from '../pages/index.ts'
import type { AuthRouteParts } from './route-parts.ts'

/** Where one is logged in, and what happened to the account. What is told here is read. */
export const deviceRoutes = (parts: AuthRouteParts): Router => {
  const router = new Router()
  const { hasher, instance } = parts
  const { accounts, attempts } = instance
  router.get(devicesPath, requireUser(), (ctx) => {
    const stale = staleForm(ctx)
    const notice = ctx.query['done'] === 'device' ? 'That device is logged out.' : undefined
    show(parts, ctx, { notice, error: stale?.message, chosen: stale?.field('device') })
    if (stale === undefined) dismissNews(ctx)
  })
  const view: View = (ctx, { error }) => show(parts, ctx, { error, chosen: textOf(ctx, 'device', 64) })
  router.post(
    devicesPath,
    endDevice({ accounts, attempts, hasher, view, path: `${devicesPath}?done=device` }),
  )
  return router
}

const show = (
  { views, frameOf }: AuthRouteParts,
  ctx: Koa.Context,
  told: Omit<DevicesModel, 'devices' | 'news'>,
): void => {
  const devices = ownDevices(ctx).map((device) => ({ ...device, since: new Date(device.since) }))
  const news = accountNews(ctx).map(({ kind, at, detail }) => ({ kind, at: new Date(at), detail }))
  ctx.body = views.devices(frameOf(ctx), { devices, news, ...told })
}
