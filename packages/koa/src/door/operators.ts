import { normaliseUsername } from '@grapevine/user-cache'
import type Koa from 'koa'
import type { Settings } from '../settings/settings.ts'

/**
 * Whether this request may see the inside of the cluster: in development everybody, in production those whom
 * `OPERATORS` names. Of a contested name only its owner is meant.
 */
export const isOperator =
  ({ mode, operators }: Pick<Settings, 'mode' | 'operators'>) =>
  (ctx: Koa.Context): boolean => {
    if (mode === 'development') return true
    const { user } = ctx.state
    if (user === undefined || user.claim === 'loser') return false
    return operators.includes(normaliseUsername(user.username))
  }
