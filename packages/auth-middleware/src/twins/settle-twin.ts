import { callback, checkOptions, optional, type Checks } from '@grapevine/std'
import type Koa from 'koa'
import type { Account, WriteOptions } from '../account.ts'
import { confirmedChecks, confirmedForm, type ConfirmedFormOptions } from '../forms/confirmed-form.ts'
import { readCredentials } from '../forms/credentials.ts'
import { InvalidChoiceError, UnknownTwinError } from '../errors.ts'
import { twinOf } from '../guards/authentication.ts'
import { formField } from '../http/form-field.ts'
import { sessionHandle } from '../sessions/session-handle.ts'

export interface SettleTwinOptions extends ConfirmedFormOptions {
  /**
   * Moves what the other account holds to the one that asks, and erases the other. It may be told twice of the same.
   * @default it can only be erased
   */
  readonly join?: (twin: string, account: string, options: WriteOptions) => Promise<unknown>
  /** Erases the other account with all that it holds. */
  readonly erase: (twin: string, options: WriteOptions) => Promise<unknown>
}

const { accounts, ...common } = confirmedChecks<SettleTwinOptions['accounts']>()
const checks = {
  ...common,
  accounts,
  join: optional(callback<NonNullable<SettleTwinOptions['join']>>()),
  erase: callback<SettleTwinOptions['erase']>(),
} satisfies Checks<SettleTwinOptions>

/**
 * POST: the fields `password` and `action`, `join` or `erase`. For whoever has signed up on both sides of a split with one name and one
 * password: what becomes of the account that is not the name's owner, see `twinOf`. The password must open both.
 */
export const settleTwin = (options: SettleTwinOptions): Koa.Middleware => {
  const { join, erase, ...config } = checkOptions(options, checks)
  const { hasher } = config
  return confirmedForm(config, {
    page: 'twin',
    done: 'twin-settled',
    refused: 'twin-refused',
    prepare: (ctx) => {
      const action = formField(ctx, 'action', 16)
      if (action === 'join' && join !== undefined) return { twin: twinIn(ctx, config), settle: join }
      if (action !== 'erase') throw new InvalidChoiceError('Choose what is to become of the other account.')
      return {
        twin: twinIn(ctx, config),
        settle: (id: string, _to: string, how: WriteOptions) => erase(id, how),
      }
    },
    async act(ctx, user, { twin, settle }, { request, write }) {
      const { password = '' } = readCredentials(ctx)
      // It may have been changed since, by whoever else has it.
      if (!(await hasher.verify(twin.passwordHash, password, { signal: request })))
        throw new UnknownTwinError()
      await settle(twin.id, user.id, { signal: write() })
      const handle = sessionHandle(ctx)
      const session = handle.current()
      if (session === undefined) return undefined
      const { twin: settled, ...rest } = session
      if (settled !== undefined) handle.update(rest)
      return undefined
    },
  })
}

/** @throws {UnknownTwinError} */
const twinIn = (ctx: Koa.Context, { accounts }: Pick<SettleTwinOptions, 'accounts'>): Account => {
  const id = twinOf(ctx)?.id
  const twin = id === undefined ? undefined : accounts.get(id)
  if (twin === undefined) throw new UnknownTwinError()
  return twin
}
