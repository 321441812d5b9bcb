import type Koa from 'koa'
import type { Accounts } from '../account.ts'
import { confirmedForm, type ConfirmedFormOptions } from './confirmed-form.ts'
import { openSession } from '../sessions/login-session.ts'
import { rememberDevice } from '../throttle/known-device.ts'

export interface EndOtherSessionsOptions extends ConfirmedFormOptions {
  readonly accounts: Required<Pick<Accounts, 'get' | 'endSessions'>>
}

/**
 * POST: the field `password`. All sessions of the account end, on every node, and all its devices become unknown;
 * whoever asked for it goes on in a new session.
 */
export const endOtherSessions = (options: EndOtherSessionsOptions): Koa.Middleware => {
  const { accounts } = options
  return confirmedForm(options, {
    page: 'end-sessions',
    done: 'sessions-ended',
    refused: 'sessions-end-refused',
    prepare: () => undefined,
    async act(ctx, user, _prepared, { write }) {
      const changed = await accounts.endSessions(user.id, { signal: write() })
      openSession(ctx, changed)
      rememberDevice(ctx, changed)
      return undefined
    },
  })
}
