import { Router } from '@koa/router'
import {
  changePassword,
  endOtherSessions,
  rename,
  requireUser,
  type AttemptLedger,
  type OnAudit,
  type PasswordHasher,
  type View,
} from '@grapevine/auth-middleware'
import { textOf } from './form-text.ts'
import { chrome, userOf } from './page-context.ts'
import { accountFormPage, accountPage, type AccountDeed } from './pages/index.ts'
import { seeOther } from './see-other.ts'
import type Koa from 'koa'
import type { Node } from './node.ts'

export interface AccountParts {
  readonly node: Node
  readonly hasher: PasswordHasher
  readonly attempts: AttemptLedger
  readonly onAudit: OnAudit
}

/** What people may do with their own account. */
export const accountRoutes = (parts: AccountParts): Router => {
  const router = new Router()
  const { node } = parts
  router.get('/account', requireUser(), (ctx) => showAccount(node, ctx))
  for (const deed of ['name', 'password', 'sessions', 'erase'] as const) {
    router.get(`/account/${deed}`, requireUser(), (ctx) => showForm(node, ctx, deed))
  }
  const common = (deed: AccountDeed) => ({
    ...parts,
    accounts: node.accounts,
    view: viewOf(node, deed),
    path: `/account?done=${deed}`,
  })
  router.post('/account/name', rename(common('name')))
  router.post('/account/password', changePassword(common('password')))
  router.post('/account/sessions', endOtherSessions(common('sessions')))
  router.post('/account/erase', requireUser(), (ctx) => erase(parts, ctx))
  return router
}

/** How the handlers of the auth middleware show a form again. */
const viewOf =
  (node: Node, deed: AccountDeed): View =>
  (ctx, { username, error }) =>
    showForm(node, ctx, deed, { typed: username, error })

const showForm = (
  node: Node,
  ctx: Koa.Context,
  deed: AccountDeed,
  refused: { readonly typed?: string; readonly error?: string | undefined } = {},
): void => {
  const { username, claim } = userOf(ctx)
  ctx.body = accountFormPage(chrome(node, ctx), deed, { username, claim, ...refused })
}

const notices: Readonly<Record<string, string>> = {
  name: 'You have a new name. Log in with it from now on.',
  password: 'Your password is changed, and all your other sessions are over.',
  sessions: 'All your other sessions are over.',
}

const showAccount = (node: Node, ctx: Koa.Context): void => {
  const { id, username, registeredAt, claim } = userOf(ctx)
  const done = ctx.query['done']
  const notice = typeof done === 'string' && Object.hasOwn(notices, done) ? notices[done] : undefined
  const account = { id, username, registeredAt: new Date(registeredAt), claim, notice }
  ctx.body = accountPage(chrome(node, ctx), account)
}

/** How long a password may take to be checked, waiting included, in ms. */
const hashTimeout = 10_000

const erase = async (parts: AccountParts, ctx: Koa.Context): Promise<void> => {
  const { node } = parts
  const { id } = userOf(ctx)
  const refusal = await refusedPassword(parts, ctx)
  if (refusal !== undefined) {
    ctx.status = 403
    showForm(node, ctx, 'erase', { error: refusal })
    return
  }
  // The budget first: should the second step fail, the person can log in and leave again.
  await node.entries.removeAll(id)
  await node.accounts.erase(id)
  seeOther(ctx, '/?notice=erased')
}

/** Whether it is still they who sit there; guesses count as they do at the door. */
const refusedPassword = async (
  { hasher, attempts }: AccountParts,
  ctx: Koa.Context,
): Promise<string | undefined> => {
  const { id, passwordHash } = userOf(ctx)
  const signal = AbortSignal.timeout(hashTimeout)
  const attempt = await attempts.take('account', `id ${id}`, { signal })
  if (attempt.kind === 'spent') return 'Too many wrong passwords. Try again later.'
  if (!(await hasher.verify(passwordHash, textOf(ctx, 'password', 1_024), { signal }))) {
    return 'The current password is wrong.'
  }
  attempt.giveBack()
  return undefined
}
