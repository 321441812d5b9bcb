import { checkOptions, type Checks } from '@grapevine/std'
import type Koa from 'koa'
import type { Accounts } from '../account.ts'
import { confirmedChecks, confirmedForm, type ConfirmedFormOptions } from './confirmed-form.ts'
import { beginDeviceSession } from '../devices/begin-device-session.ts'

export interface EndOtherSessionsOptions extends ConfirmedFormOptions {
  readonly accounts: Required<Pick<Accounts, 'get' | 'endSessions'>>
}

const checks = confirmedChecks<EndOtherSessionsOptions['accounts']>(
  'endSessions',
) satisfies Checks<EndOtherSessionsOptions>

/**
 * POST: the field `password`. All sessions of the account end, on every node, and all its devices become unknown;
 * whoever asked for it goes on in a new session.
 */
export const endOtherSessions = (options: EndOtherSessionsOptions): Koa.Middleware => {
  const config = checkOptions(options, checks)
  const { accounts } = config
  return confirmedForm(config, {
    page: 'end-sessions',
    done: 'sessions-ended',
    refused: 'sessions-end-refused',
    prepare: () => undefined,
    async act(ctx, user, _prepared, { write }) {
      const changed = await accounts.endSessions(user.id, { signal: write() })
      await beginDeviceSession(ctx, changed, config)
      return undefined
    },
  })
}
