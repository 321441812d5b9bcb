import { callback, checkOptions, oneOf, type Checks } from '@grapevine/std'
import type Koa from 'koa'
import { antiForgeryToken } from '../guards/anti-forgery-token.ts'
import { staleForm } from '../guards/stale-form.ts'
import { refuse, type Refusal, type RefusalCode } from '../http/refusal.ts'
import { forbidStoring } from '../http/respond.ts'

/** What a page with a form shows. Everything in it is text: the view escapes it. */
export interface FormModel {
  readonly page: 'login' | 'signup' | 'password' | 'rename' | 'end-sessions' | 'end-device' | 'twin' | 'erase'
  /** As typed before; never the password. */
  readonly username: string
  /** A sentence for the person. */
  readonly error: string | undefined
  /** What has to be typed anew; `undefined` where it is not one field, or must not be told which. */
  readonly wrongField?: FormField | undefined
  /** For a hidden field named `_csrf`. */
  readonly csrfToken: string
}

export type FormField = 'username' | 'password' | 'newPassword'

/** The app's page: sets `ctx.body`. The status is set already. */
export type View = (ctx: Koa.Context, model: FormModel) => void

export interface FormOptions {
  readonly page: FormModel['page']
  readonly view: View
}

const checks = {
  page: oneOf('login', 'signup', 'password', 'rename', 'end-sessions', 'end-device', 'twin', 'erase'),
  view: callback<View>(),
} satisfies Checks<FormOptions>

/** GET: the empty form. Starts an anonymous session when there is none, for the token to be bound to. */
export const form = (options: FormOptions): Koa.Middleware => {
  const { page, view } = checkOptions(options, checks)
  return (ctx) => {
    const stale = staleForm(ctx)
    ctx.status = 200
    showForm(ctx, view, { page, username: stale?.field('username', 256) ?? '', error: stale?.message })
  }
}

export const showForm = (ctx: Koa.Context, view: View, model: Omit<FormModel, 'csrfToken'>): void => {
  forbidStoring(ctx)
  view(ctx, { ...model, csrfToken: antiForgeryToken(ctx) })
}

/** The form again, with the username as typed and what went wrong. */
export const refuseWithForm = (
  ctx: Koa.Context,
  refusal: Refusal,
  { view, ...model }: { view: View } & Pick<FormModel, 'page' | 'username'>,
): void => {
  if (refuse(ctx, refusal)) return
  // A login that failed is an ordinary page to a browser.
  if (refusal.code === 'WRONG_CREDENTIALS') ctx.status = 200
  showForm(ctx, view, {
    ...model,
    error: refusal.message,
    wrongField: wrongFieldOf(refusal.code, model.page),
  })
}

const wrongFieldOf = (code: RefusalCode, page: FormModel['page']): FormField | undefined => {
  if (code === 'INVALID_USERNAME' || code === 'USERNAME_TAKEN') return 'username'
  if (code === 'WRONG_PASSWORD') return 'password'
  if (code === 'INVALID_PASSWORD') return page === 'password' ? 'newPassword' : 'password'
  return undefined
}
