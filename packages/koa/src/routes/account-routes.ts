import { Router } from '@koa/router'
import {
  changePassword,
  endOtherSessions,
  eraseAccount,
  rename,
  requireUser,
  staleForm,
  twinOf,
  type View,
} from '@grapevine/auth-middleware'
import { userOf } from './page-frame.ts'
import type Koa from 'koa'
import type { User } from '@grapevine/user-cache'
import type { AccountAction, AccountFormModel } from '../pages/index.ts'
import type { AuthRouteParts } from './route-parts.ts'

/** What people may do with their own account. */
export const accountRoutes = (parts: AuthRouteParts): Router => {
  const router = new Router()
  const { hasher, instance } = parts
  router.get('/account', requireUser(), (ctx) => showAccount(parts, ctx))
  for (const action of ['name', 'password', 'sessions', 'erase'] as const) {
    router.get(`/account/${action}`, requireUser(), (ctx) => {
      const stale = staleForm(ctx)
      showForm(parts, ctx, action, { typed: stale?.field('username') ?? '', error: stale?.message })
    })
  }
  const common = (action: AccountAction) => ({
    accounts: instance.accounts,
    attempts: instance.attempts,
    hasher,
    view: viewOf(parts, action),
    path: `/account?done=${action}`,
  })
  router.post('/account/name', rename(common('name')))
  router.post('/account/password', changePassword(common('password')))
  router.post('/account/sessions', endOtherSessions(common('sessions')))
  const { get } = instance.accounts
  const erase = async (id: string): Promise<void> => void (await instance.eraseUser(id))
  router.post(
    '/account/erase',
    eraseAccount({ ...common('erase'), accounts: { get, erase }, path: '/?notice=erased' }),
  )
  return router
}

/** How the handlers of the auth middleware show a form again. */
const viewOf =
  (parts: AuthRouteParts, action: AccountAction): View =>
  (ctx, { username, error, wrongField }) =>
    showForm(parts, ctx, action, { typed: username, error, wrongField })

const showForm = (
  parts: AuthRouteParts,
  ctx: Koa.Context,
  action: AccountAction,
  refused: Pick<AccountFormModel, 'typed' | 'error' | 'wrongField'> = {},
): void => {
  const { username, claim } = accountOf(parts, ctx)
  ctx.body = parts.views.accountForm(parts.frameOf(ctx), action, { username, claim, ...refused })
}

const notices: Readonly<Record<string, string>> = {
  name: 'You have a new name. Log in with it from now on.',
  password: 'Your password is changed, and all your other sessions are over.',
  sessions: 'All your other sessions are over.',
  twin: 'The other account is gone.',
}

const showAccount = (parts: AuthRouteParts, ctx: Koa.Context): void => {
  const { id, username, registeredAt, claim } = accountOf(parts, ctx)
  const done = ctx.query['done']
  const notice = typeof done === 'string' && Object.hasOwn(notices, done) ? notices[done] : undefined
  const account = {
    id,
    username,
    registeredAt: new Date(registeredAt),
    claim,
    notice,
    hasTwin: twinOf(ctx) !== undefined,
  }
  ctx.body = parts.views.account(parts.frameOf(ctx), account)
}

/** The whole account of the one who is logged in: `ctx.state.user` holds nothing secret of it. */
const accountOf = ({ instance }: AuthRouteParts, ctx: Koa.Context): User => {
  const account = instance.users.get(userOf(ctx).id)
  return account ?? ctx.throw(403, 'This account does not exist any more.')
}
