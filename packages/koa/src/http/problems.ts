import { codeOf, isError } from '@grapevine/std'
import type Koa from 'koa'
import type { PageFrame } from '../markup/layout.ts'
import type { Views } from '../pages/views.ts'

/** Every problem is a page, or JSON for programs; nothing of the inside is told. */
export const problems =
  (view: Views['problem'], guest: PageFrame): Koa.Middleware =>
  async (ctx, next) => {
    const show = (status: number, detail?: string): void => showProblem(ctx, { view, guest, status, detail })
    try {
      await next()
      if (ctx.status === 404 && ctx.body === undefined) show(404)
    } catch (error) {
      const status = statusOf(error)
      if (status >= 500 && status !== 503) ctx.app.emit('error', error, ctx)
      if (isError(error) && 'retryAfterMs' in error)
        ctx.set('Retry-After', String(Math.ceil(Number(error.retryAfterMs) / 1_000)))
      show(status, status < 500 || status === 503 ? messageOf(error) : undefined)
    }
  }

/** Of errors of packages that know no HTTP. */
const statusOfCode: ReadonlyMap<unknown, number> = new Map([
  ['OVERLOADED', 503],
  ['TOO_MANY_CHANGES', 429],
])

const statusOf = (error: unknown): number => {
  if (!isError(error)) return 500
  const known = 'code' in error ? statusOfCode.get(error.code) : undefined
  if (known !== undefined) return known
  return 'status' in error && typeof error.status === 'number' ? error.status : 500
}

const messageOf = (error: unknown): string | undefined => {
  if (!isError(error)) return undefined
  const isForPeople = ('expose' in error && error.expose === true) || codeOf(error) === 'TOO_MANY_CHANGES'
  return isForPeople ? error.message : undefined
}

const titles: Readonly<Record<number, string>> = {
  400: 'That request could not be read',
  403: 'Not allowed',
  404: 'Page not found',
  405: 'Not possible here',
  413: 'That was too much',
  415: 'That request could not be read',
  429: 'Too often',
  500: 'Something went wrong here',
  503: 'Not ready',
}

interface Shown {
  readonly view: Views['problem']
  readonly guest: PageFrame
  readonly status: number
  readonly detail: string | undefined
}

const showProblem = (ctx: Koa.Context, { view, guest, status, detail }: Shown): void => {
  const title = titles[status] ?? 'That did not work'
  ctx.status = status
  if (ctx.accepts('html', 'json') === 'json') {
    ctx.body = { error: title, message: detail }
    return
  }
  ctx.type = 'html'
  ctx.body = view(guest, { status, title, detail: detail ?? '' })
}
