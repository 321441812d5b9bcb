import { checkOptions, type Checks } from '@grapevine/std'
import type Koa from 'koa'
import type { Accounts } from '../account.ts'
import { confirmedChecks, confirmedForm, type ConfirmedFormOptions } from './confirmed-form.ts'
import { InvalidPasswordError } from '../errors.ts'
import { formField } from '../http/form-field.ts'
import { beginDeviceSession } from '../devices/begin-device-session.ts'
import { contextWords } from './option-checks.ts'
import { opaqueString } from '../passwords/opaque-string.ts'
import { checkPassword, maxPasswordBytes } from '../passwords/password.ts'

export interface ChangePasswordOptions extends ConfirmedFormOptions {
  readonly accounts: Required<Pick<Accounts, 'get' | 'changePassword'>>
  /** Refused as a password, besides the username, such as the name of the site. @default [] */
  readonly contextWords?: readonly string[]
}

const checks = {
  ...confirmedChecks<ChangePasswordOptions['accounts']>('changePassword'),
  contextWords,
} satisfies Checks<ChangePasswordOptions>

/**
 * POST: the fields `password` (the current one) and `newPassword`. All sessions of the account end, on every node;
 * whoever changed the password goes on in a new one.
 */
export const changePassword = (options: ChangePasswordOptions): Koa.Middleware => {
  const { contextWords, ...config } = checkOptions(options, checks)
  const { accounts, hasher } = config
  return confirmedForm(config, {
    page: 'password',
    done: 'password-changed',
    refused: 'password-change-refused',
    prepare(ctx, { username }) {
      const typed = formField(ctx, 'newPassword', maxPasswordBytes)
      const newPassword = checkPassword(typed, { contextWords: [username, ...contextWords] })
      if (newPassword === opaqueString(formField(ctx, 'password', maxPasswordBytes) ?? '')) {
        throw new InvalidPasswordError('This is the password that you have. Choose another one.')
      }
      return newPassword
    },
    async act(ctx, user, newPassword, { request, write }) {
      const passwordHash = await hasher.hash(newPassword, { signal: request })
      const changed = await accounts.changePassword(user.id, passwordHash, { signal: write() })
      await beginDeviceSession(ctx, changed, config)
      return undefined
    },
  })
}
