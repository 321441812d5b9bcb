import { checkOptions, type Checks } from '@grapevine/std'
import type Koa from 'koa'
import type { Accounts } from '../account.ts'
import { confirmedChecks, confirmedForm, type ConfirmedFormOptions } from './confirmed-form.ts'
import { sessionHandle } from '../sessions/session-handle.ts'
import { forgetDevice } from '../devices/known-device.ts'

export interface EraseAccountOptions extends ConfirmedFormOptions {
  readonly accounts: Required<Pick<Accounts, 'get' | 'erase'>>
}

const checks = confirmedChecks<EraseAccountOptions['accounts']>('erase') satisfies Checks<EraseAccountOptions>

/**
 * POST: the field `password`. The account goes, with all that is its, and the cookies of this browser. Guesses count as at the
 * log-in, so those of strangers do not keep the owner from it on a device that has logged in before.
 */
export const eraseAccount = (options: EraseAccountOptions): Koa.Middleware => {
  const config = checkOptions(options, checks)
  return confirmedForm(config, {
    page: 'erase',
    done: 'account-erased',
    refused: 'erase-refused',
    prepare: () => undefined,
    async act(ctx, user, _prepared, { write }) {
      await config.accounts.erase(user.id, { signal: write() })
      sessionHandle(ctx).clear()
      forgetDevice(ctx)
      return undefined
    },
  })
}
