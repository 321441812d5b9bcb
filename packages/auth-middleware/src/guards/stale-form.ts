import { html, render, type Html } from '@grapevine/std'
import type Koa from 'koa'
import { antiForgeryToken } from './anti-forgery-token.ts'
import { formField } from '../http/form-field.ts'
import { forbidStoring } from '../http/respond.ts'

/**
 * A form of this site whose token is no longer good: the page was open in another tab while somebody logged in or out, or
 * since yesterday, or the browser has lost its cookie. Nothing was done; the page's own GET handler answers, and can show
 * what was typed.
 */
export interface StaleForm {
  /** A sentence for the person. */
  readonly message: string
  /** What was typed into a field, for the form to be filled in again; at most `maxLength` UTF-16 units. */
  field(name: string, maxLength?: number): string | undefined
}

const message =
  'This page was out of date: it had been open for long, or somebody logged in or out meanwhile. Nothing was done yet. Please send it again.'
const defaultMaxLength = 1024
const maxFields = 32

/** A property, as the session handle is one. */
const staleKey: unique symbol = Symbol('stale form')

/** What was sent too late to this path; `undefined` on every ordinary request. For GET handlers of pages with a form. */
export const staleForm = (ctx: Koa.Context): StaleForm | undefined => ctx[staleKey]

/**
 * Lets the page answer that the form belongs to, as for a GET; so nothing that acts is run. The status says 403 all the same.
 * Where a path has no page, a plain one stands in that holds the form.
 */
export const showAgain = async (ctx: Koa.Context, next: () => Promise<unknown>): Promise<void> => {
  const { method } = ctx
  ctx[staleKey] = {
    message,
    field: (name, maxLength = defaultMaxLength) => formField(ctx, name, maxLength),
  } satisfies StaleForm
  ctx.method = 'GET'
  try {
    await next()
  } finally {
    ctx.method = method
  }
  if (hasNoPage(ctx)) showPlain(ctx)
  if (ctx.status >= 200 && ctx.status < 300) ctx.status = 403
}

const hasNoPage = ({ status, body }: Koa.Context): boolean =>
  (status === 404 || status === 405 || status === 501) && (body === undefined || body === null)

/** The fields as they were typed, but for those that may be secret, which are to be typed again. */
const showPlain = (ctx: Koa.Context): void => {
  const fields = fieldNames(ctx).map((name) => fieldOf(name, formField(ctx, name, defaultMaxLength)))
  forbidStoring(ctx)
  ctx.status = 200
  ctx.type = 'html'
  ctx.remove('Allow')
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>Send it again</title>
      </head>
      <body>
        <main>
          <h1>Send it again</h1>
          <p role="alert">${message}</p>
          <form method="post">
            ${fields} <input name="_csrf" type="hidden" value="${antiForgeryToken(ctx)}" /><button
              type="submit"
            >
              Send again
            </button>
          </form>
        </main>
      </body>
    </html>`
  ctx.body = render(page)
}

const fieldNames = (ctx: Koa.Context): readonly string[] => {
  const body: unknown = Reflect.get(ctx.request, 'body')
  if (typeof body !== 'object' || body === null) return []
  return Object.keys(body)
    .filter((name) => name !== '_csrf' && name.length <= 64)
    .slice(0, maxFields)
}

const secretName = /pass|secret|token|code|pin/i

const fieldOf = (name: string, value: string | undefined): Html | undefined => {
  if (secretName.test(name)) {
    return html`<p>
      <label>${name} <input type="password" name="${name}" required /></label>
    </p>`
  }
  if (value === undefined) return undefined
  return html`<p>
    <label>${name} <input name="${name}" value="${value}" /></label>
  </p>`
}
