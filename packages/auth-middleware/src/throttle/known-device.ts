import type Koa from 'koa'
import type { Account } from '../account.ts'
import { sessionHandle } from '../sessions/session-handle.ts'

/**
 * A device that has logged in to an account keeps a signed cookie that says so (OWASP: "Slow Down Online Guessing
 * Attacks with Device Cookies"). Its attempts have an allowance of their own, so that strangers who guess cannot lock
 * the owner out. All known devices of an account share that allowance: however many cookies somebody has collected,
 * they try no more passwords with them. Whatever ends the account's sessions makes its devices unknown.
 */
const cookieName = { development: 'grapevine-device', production: '__Host-grapevine-device' } as const
const lifeMs = 180 * 24 * 60 * 60 * 1000
const maxLength = 1024

interface Device {
  readonly userId: string
  readonly epoch: string
  readonly since: number
}

/** Whether this browser has logged in to the account before. */
export const isKnownDevice = (ctx: Koa.Context, account: Account): boolean => {
  const device = read(ctx)
  if (device === undefined || device.userId !== account.id || device.epoch !== account.sessionEpoch)
    return false
  const age = sessionHandle(ctx).now() - device.since
  return age < lifeMs
}

/** After a login. The answer sets the cookie only when there is something new to say. */
export const rememberDevice = (ctx: Koa.Context, account: Account): void => {
  const { mode, now } = sessionHandle(ctx)
  const device = read(ctx)
  const isFresh = device !== undefined && now() - device.since < lifeMs / 2
  if (isFresh && isKnownDevice(ctx, account)) return
  const content: Device = { userId: account.id, epoch: account.sessionEpoch, since: now() }
  ctx.cookies.set(cookieName[mode], Buffer.from(JSON.stringify(content)).toString('base64url'), {
    signed: true,
    httpOnly: true,
    sameSite: 'lax',
    secure: mode === 'production',
    path: '/',
    maxAge: lifeMs,
    overwrite: true,
  })
}

/** After the account is gone, nothing is left to know. */
export const forgetDevice = (ctx: Koa.Context): void => {
  ctx.cookies.set(cookieName[sessionHandle(ctx).mode], null, { signed: true, path: '/' })
}

const read = (ctx: Koa.Context): Device | undefined => {
  const cookie = ctx.cookies.get(cookieName[sessionHandle(ctx).mode], { signed: true })
  if (cookie === undefined || cookie.length > maxLength) return undefined
  try {
    const value: unknown = JSON.parse(Buffer.from(cookie, 'base64url').toString())
    if (typeof value !== 'object' || value === null) return undefined
    const [userId, epoch, since] = ['userId', 'epoch', 'since'].map((name): unknown =>
      Reflect.get(value, name),
    )
    const isDevice = typeof userId === 'string' && typeof epoch === 'string' && typeof since === 'number'
    return isDevice ? { userId, epoch, since } : undefined
  } catch {
    return undefined // signed, and of another version
  }
}
