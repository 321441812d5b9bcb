import { codeOf, isError } from '@grapevine/std'
import type Koa from 'koa'
import type { PageFrame } from '../markup/layout.ts'
import type { FrameOf } from '../routes/page-frame.ts'
import type { Views } from '../pages/views.ts'

export interface ProblemsParts {
  readonly view: Views['problem']
  /** For whoever is not logged in, or of whom nothing is known yet. */
  readonly guest: PageFrame
  readonly frameOf: FrameOf
}

/** Shows the page of a status, or JSON to programs. */
export type ShowProblem = (ctx: Koa.Context, status: number, detail?: string) => void

export const problemPages =
  ({ view, guest, frameOf }: ProblemsParts): ShowProblem =>
  (ctx, status, detail) => {
    const title = titles[status] ?? 'That did not work'
    const requestId =
      status >= 500 && status !== 503 ? ctx.response.get('X-Request-Id') || undefined : undefined
    ctx.status = status
    if (ctx.accepts('html', 'json') === 'json') {
      ctx.body = { error: title, message: detail, requestId }
      return
    }
    const frame = ctx.state.user === undefined ? guest : frameOf(ctx)
    ctx.type = 'html'
    ctx.body = view(frame, { status, title, detail: detail ?? details[status] ?? '', requestId })
  }

/** Every problem is a page, or JSON for programs; nothing of the inside is told. */
export const problems =
  (show: ShowProblem): Koa.Middleware =>
  async (ctx, next) => {
    try {
      await next()
      const isEmpty = ctx.body === undefined || ctx.body === null
      if (ctx.status >= 400 && isEmpty) show(ctx, ctx.status)
    } catch (error) {
      const status = statusOf(error)
      if (status >= 500 && status !== 503) ctx.app.emit('error', error, ctx)
      if (isError(error) && 'retryAfterMs' in error)
        ctx.set('Retry-After', String(Math.ceil(Number(error.retryAfterMs) / 1_000)))
      show(ctx, status, status < 500 || status === 503 ? messageOf(error) : undefined)
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

/** What to do, where the error itself does not say. */
const details: Readonly<Record<number, string>> = {
  400: 'What was sent could not be understood. Go back, reload the page, and send it again.',
  403: 'You may not see this page, or do what was asked for.',
  404: 'There is no page at this address. It may have moved, or have been mistyped.',
  405: 'This address does not take that kind of request. Go back, and use the buttons of the page.',
  413: 'What was sent is larger than this page takes.',
  415: 'What was sent is of a kind that this page does not take.',
  429: 'Wait a moment, then try again.',
  500: 'It was not your doing, and it is in the log. Try again in a moment; if it stays so, give the number below to whoever runs this app.',
  503: 'This cannot be answered right now. Try again in a moment.',
}
