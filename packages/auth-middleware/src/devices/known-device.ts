import { parseJson } from '@grapevine/std'
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
const idBytes = 16

/** What the cookie says. */
export interface Device {
  /** 128 random bits, for the log; the same for whoever logs in with this browser. */
  readonly id: string
  readonly userId: string
  readonly epoch: string
  readonly since: number
  /** When somebody last logged in here, by the clock of the node that was asked. */
  readonly at: number
}

/** Whether this browser has logged in to the account before. */
export const isKnownDevice = (ctx: Koa.Context, account: Account): boolean => {
  const device = deviceOf(ctx)
  if (device === undefined || device.userId !== account.id || device.epoch !== account.sessionEpoch)
    return false
  const age = sessionHandle(ctx).now() - device.since
  return age < lifeMs
}

/**
 * After a login.
 *
 * @param asNew under an id that nobody has seen
 */
export const rememberDevice = (ctx: Koa.Context, account: Account, asNew: boolean): Device => {
  const { mode, now, random } = sessionHandle(ctx)
  const before = deviceOf(ctx)
  const isSame = before !== undefined && isKnownDevice(ctx, account)
  const device: Device = {
    id: asNew || before === undefined ? random(idBytes).toString('base64url') : before.id,
    userId: account.id,
    epoch: account.sessionEpoch,
    since: isSame && now() - before.since < lifeMs / 2 ? before.since : now(),
    at: now(),
  }
  ctx.cookies.set(cookieName[mode], Buffer.from(JSON.stringify(device)).toString('base64url'), {
    signed: true,
    httpOnly: true,
    sameSite: 'lax',
    secure: mode === 'production',
    path: '/',
    maxAge: lifeMs,
    overwrite: true,
  })
  return device
}

/** After the account is gone, nothing is left to know. */
export const forgetDevice = (ctx: Koa.Context): void => {
  ctx.cookies.set(cookieName[sessionHandle(ctx).mode], null, { signed: true, path: '/' })
}

/** What the browser's cookie says, whoever has logged in with it. */
export const deviceOf = (ctx: Koa.Context): Device | undefined => {
  const cookie = ctx.cookies.get(cookieName[sessionHandle(ctx).mode], { signed: true })
  if (cookie === undefined || cookie.length > maxLength) return undefined
  const value = parseJson(Buffer.from(cookie, 'base64url').toString())
  // Signed, and maybe of another version.
  return isDevice(value) ? value : undefined
}

const isDevice = (value: unknown): value is Device => {
  if (typeof value !== 'object' || value === null) return false
  const isText = (name: string): boolean => typeof Reflect.get(value, name) === 'string'
  const isTime = (name: string): boolean => Number.isSafeInteger(Reflect.get(value, name))
  return ['id', 'userId', 'epoch'].every(isText) && ['since', 'at'].every(isTime)
}
