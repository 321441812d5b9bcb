import { isRecord, parseJson } from '@grapevine/std'
import type Koa from 'koa'
import type { Mode } from '../settings/mode.ts'

/** What was just done, for the page that comes next. */
export interface Notice {
  readonly what: 'signed-up' | 'logged-out'
  /** Whom the next page may ask for the password. */
  readonly username?: string
}

/** In a signed cookie of its own, so that no URL and no log of a proxy tells it; it is read once, and kept for five minutes at most. */
export interface NoticeCookie {
  leave(ctx: Koa.Context, notice: Notice): void
  /** Reads it and takes it away. */
  take(ctx: Koa.Context): Notice | undefined
}

const lifeMs = 5 * 60_000
const names = { development: 'grapevine-notice', production: '__Host-grapevine-notice' } as const
const longestName = 256

export const noticeCookie = (mode: Mode): NoticeCookie => {
  const isSecure = mode === 'production'
  const options = { signed: true, httpOnly: true, sameSite: 'lax', path: '/', secure: isSecure } as const
  const set = (ctx: Koa.Context, value: string | null): void => {
    // A proxy ends TLS: what it hears is http, and what the browser hears is not.
    ctx.cookies.secure = isSecure
    ctx.cookies.set(names[mode], value, {
      ...options,
      overwrite: true,
      ...(value === null ? {} : { maxAge: lifeMs }),
    })
  }
  return {
    leave: (ctx, notice) => set(ctx, Buffer.from(JSON.stringify(notice)).toString('base64url')),
    take: (ctx) => {
      const text = ctx.cookies.get(names[mode], { signed: true })
      if (text === undefined) return undefined
      set(ctx, null)
      return noticeOf(parseJson(Buffer.from(text, 'base64url').toString()))
    },
  }
}

const noticeOf = (value: unknown): Notice | undefined => {
  if (!isRecord(value)) return undefined
  const { what, username } = value
  if (what !== 'signed-up' && what !== 'logged-out') return undefined
  return typeof username === 'string' && username.length <= longestName ? { what, username } : { what }
}
