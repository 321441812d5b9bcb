import { checkOptions, type Checks } from '@grapevine/std'
import type Koa from 'koa'
import type { Accounts } from '../account.ts'
import { confirmedChecks, confirmedForm, type ConfirmedFormOptions } from './confirmed-form.ts'
import { readCredentials } from './credentials.ts'
import { InvalidUsernameError } from '../errors.ts'
import { sessionHandle } from '../sessions/session-handle.ts'

export interface RenameOptions extends ConfirmedFormOptions {
  readonly accounts: Required<Pick<Accounts, 'get' | 'rename'>>
}

const checks = confirmedChecks<RenameOptions['accounts']>('rename') satisfies Checks<RenameOptions>

/**
 * POST: the fields `username` (the new one) and `password`. For whoever has lost a contested name, and for everybody
 * else who wants another. Afterwards it goes on to where the login was to lead.
 */
export const rename = (options: RenameOptions): Koa.Middleware => {
  const config = checkOptions(options, checks)
  const { accounts } = config
  return confirmedForm(config, {
    page: 'rename',
    done: 'renamed',
    refused: 'rename-refused',
    prepare(ctx) {
      const { username } = readCredentials(ctx)
      if (username === '') throw new InvalidUsernameError()
      return username
    },
    async act(ctx, user, username, { write }) {
      await accounts.rename(user.id, username, { signal: write() })
      const handle = sessionHandle(ctx)
      const session = handle.current()
      if (session?.returnTo === undefined) return undefined
      const { returnTo, ...rest } = session
      handle.update(rest)
      return returnTo
    },
  })
}
