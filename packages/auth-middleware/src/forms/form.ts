import type Koa from 'koa'
import { antiForgeryToken } from '../guards/anti-forgery-token.ts'
import { forbidStoring } from '../http/respond.ts'

/** What a page with a form shows. Everything in it is text: the view escapes it. */
export interface FormModel {
  readonly page: 'login' | 'signup' | 'password' | 'rename' | 'end-sessions'
  /** As typed before; never the password. */
  readonly username: string
  /** A sentence for the person. */
  readonly error: string | undefined
  /** For a hidden field named `_csrf`. */
  readonly csrfToken: string
}

/** The app's page: sets `ctx.body`. The status is set already. */
export type View = (ctx: Koa.Context, model: FormModel) => void

/** GET: the empty form. Starts an anonymous session when there is none, for the token to be bound to. */
export const form =
  ({ page, view }: { page: FormModel['page']; view: View }): Koa.Middleware =>
  (ctx) => {
    ctx.status = 200
    showForm(ctx, view, { page, username: '', error: undefined })
  }

export const showForm = (ctx: Koa.Context, view: View, model: Omit<FormModel, 'csrfToken'>): void => {
  forbidStoring(ctx)
  view(ctx, { ...model, csrfToken: antiForgeryToken(ctx) })
}
