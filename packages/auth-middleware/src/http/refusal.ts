import { isError } from '@grapevine/std'
import type Koa from 'koa'
import type { RegisterErrorCode } from '../account.ts'
import {
  InvalidChoiceError,
  InvalidPasswordError,
  OverloadedError,
  UnknownDeviceError,
  UnknownTwinError,
} from '../errors.ts'
import { prefersJson, respondJson } from './respond.ts'

export type RefusalCode =
  | RegisterErrorCode
  | 'INVALID_CHOICE'
  | 'INVALID_PASSWORD'
  | 'OVERLOADED'
  | 'THROTTLED'
  | 'UNKNOWN_DEVICE'
  | 'UNKNOWN_TWIN'
  | 'WRONG_CREDENTIALS'
  | 'WRONG_PASSWORD'

/** A "no" that the person is told about. */
export interface Refusal {
  readonly code: RefusalCode
  readonly message: string
  readonly retryAfterSeconds?: number
}

const statuses: Record<RefusalCode, number> = {
  WRONG_CREDENTIALS: 401,
  WRONG_PASSWORD: 403,
  UNKNOWN_USER: 403,
  UNKNOWN_DEVICE: 404,
  UNKNOWN_TWIN: 404,
  INVALID_CHOICE: 400,
  INVALID_USERNAME: 400,
  INVALID_PASSWORD: 400,
  USERNAME_TAKEN: 409,
  THROTTLED: 429,
  OVERLOADED: 503,
  UNAVAILABLE: 503,
}
const unavailableRetrySeconds = 5

export const wrongCredentials: Refusal = {
  code: 'WRONG_CREDENTIALS',
  message: 'The username or the password is wrong.',
}
export const wrongPassword: Refusal = {
  code: 'WRONG_PASSWORD',
  message: 'The current password is wrong.',
}
export const invalidUsername: Refusal = {
  code: 'INVALID_USERNAME',
  message: 'Type a username of at most 256 characters.',
}
export const usernameTaken: Refusal = { code: 'USERNAME_TAKEN', message: 'This username is taken.' }
const unavailable: Refusal = {
  code: 'UNAVAILABLE',
  message: 'This could not be confirmed now. Try again in a moment.',
  retryAfterSeconds: unavailableRetrySeconds,
}

/** The same whether the name exists or not. */
export const throttled = (retryAfterSeconds: number, tooMany = 'wrong passwords'): Refusal => {
  const minutes = Math.ceil(retryAfterSeconds / 60)
  const wait = minutes === 1 ? 'a minute' : `${minutes} minutes`
  return { code: 'THROTTLED', message: `Too many ${tooMany}. Try again in ${wait}.`, retryAfterSeconds }
}

/** What to tell of an error; `undefined` for one that nobody foresaw, which is the app's to report. */
export const refusalOf = (error: unknown): Refusal | undefined => {
  if (isOwn(error)) return { code: error.code, message: error.message }
  if (error instanceof OverloadedError) return overloaded(error)
  if (!isError(error)) return undefined
  // What a signal rejects with when the time is up or the client is gone.
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return unavailable
  switch (Reflect.get(error, 'code')) {
    case 'USERNAME_TAKEN':
      return usernameTaken
    case 'INVALID_USERNAME':
      return { code: 'INVALID_USERNAME', message: error.message }
    case 'UNKNOWN_USER':
      return { code: 'UNKNOWN_USER', message: 'This account does not exist any more.' }
    case 'UNAVAILABLE':
      return unavailable
    default:
      return undefined
  }
}

/** Those of this package, whose messages are for the person. */
const isOwn = (error: unknown) =>
  error instanceof InvalidPasswordError ||
  error instanceof InvalidChoiceError ||
  error instanceof UnknownDeviceError ||
  error instanceof UnknownTwinError

const overloaded = ({ code, retryAfterSeconds }: OverloadedError): Refusal => ({
  code,
  message: 'Too many people are at the door. Try again in a moment.',
  retryAfterSeconds,
})

/** The status and the headers of a refusal, and JSON for a program; `false` when a page is still wanted. */
export const refuse = (ctx: Koa.Context, { code, message, retryAfterSeconds }: Refusal): boolean => {
  ctx.status = statuses[code]
  if (retryAfterSeconds !== undefined) ctx.set('Retry-After', String(retryAfterSeconds))
  if (!prefersJson(ctx)) return false
  respondJson(ctx, statuses[code], { error: code, message })
  return true
}
