import type { RefusalCode } from './http/refusal.ts'

/**
 * What happened at the door. No event holds a password, a hash, a session id or a name as it was typed:
 * people type passwords into the wrong field.
 */
export type AuditEvent = AuditFact & {
  /** Milliseconds since 1970. */
  readonly at: number
  /** The client's address, as koa knows it (`app.proxy`). */
  readonly ip: string
  /** Who was logged in when it was asked for. */
  readonly actor?: string
  /** The browser, by the id that it was given at its first log-in. */
  readonly device?: string
  /** What the answer's header `X-Request-Id` says, if something before has set one. */
  readonly requestId?: string
}

export type AuditFact =
  | { readonly type: 'signed-up' | 'sign-up-repeated'; readonly userId: string }
  | { readonly type: 'sign-up-refused'; readonly reason: RefusalCode }
  | { readonly type: 'logged-in'; readonly userId: string }
  | {
      readonly type: 'login-refused'
      readonly reason: 'no-match' | 'disabled' | RefusalCode
      /** The accounts that were meant, as far as is known. */
      readonly userIds: readonly string[]
    }
  | { readonly type: 'hash-renewed'; readonly userId: string }
  | { readonly type: 'hash-not-renewed'; readonly userId: string; readonly reason: RefusalCode }
  | {
      readonly type:
        | 'password-changed'
        | 'sessions-ended'
        | 'renamed'
        | 'account-erased'
        | 'device-ended'
        | 'twin-settled'
      readonly userId: string
    }
  /** The log-in went on; the list of devices misses this one. */
  | { readonly type: 'device-not-listed'; readonly userId: string; readonly reason: string }
  | {
      readonly type:
        | 'logout-refused'
        | 'password-change-refused'
        | 'sessions-end-refused'
        | 'rename-refused'
        | 'erase-refused'
        | 'device-end-refused'
        | 'twin-refused'
      readonly userId: string
      readonly reason: RefusalCode
    }
  /** `FOREIGN`: from another site. `STALE`: with no token, or one that is no longer good; the form was shown again. */
  | { readonly type: 'forgery-refused'; readonly reason: 'FOREIGN' | 'STALE' }
  | { readonly type: 'logged-out'; readonly userId: string }
  /** Who is logged in asked for what their account may not see or do. */
  | { readonly type: 'access-refused'; readonly path: string }

export type OnAudit = (event: AuditEvent) => void
