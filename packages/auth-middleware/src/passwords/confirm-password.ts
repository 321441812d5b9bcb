import type Koa from 'koa'
import type { Account } from '../account.ts'
import type { PasswordHasher } from './password-hasher.ts'
import { throttled, wrongPassword, type Refusal } from '../http/refusal.ts'
import { takeAll, type AttemptLimiter, type Subject } from '../throttle/attempt-limiter.ts'
import { accountSubject } from '../throttle/subjects.ts'

export interface ConfirmPorts {
  readonly hasher: Pick<PasswordHasher, 'verify'>
  readonly attempts: AttemptLimiter
}

export interface ConfirmOptions {
  readonly signal: AbortSignal
  /** What it is an attempt at. @default the account, by who is logged in to it */
  readonly subjects?: readonly Subject[]
}

/** Whether it is still they who sit there: a session may be stolen, and guesses at its password count like any other. */
export const confirmPassword = async (
  ctx: Koa.Context,
  { hasher, attempts }: ConfirmPorts,
  account: Account,
  password: string,
  { signal, subjects = [accountSubject(ctx, account)] }: ConfirmOptions,
): Promise<Refusal | undefined> => {
  const options = { signal }
  const attempt = await takeAll(attempts, subjects, options)
  if (attempt.kind === 'spent') return throttled(attempt.retryAfterSeconds)
  try {
    if (!(await hasher.verify(account.passwordHash, password, options))) return wrongPassword
  } catch (error) {
    attempt.giveBack()
    throw error
  }
  attempt.giveBack()
  return undefined
}
