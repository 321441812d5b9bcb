import type Koa from 'koa'
import type { Settings } from '../settings/settings.ts'

/** Granted with the command line, held by the account. */
export const operatorRole = 'operator'

/**
 * Whether this request may see the inside of the cluster: in development everybody, in production accounts with the role
 * `operator`, and those whose ids `OPERATORS` holds. Never for a name: it belongs to whoever signs up with it first.
 */
export const isOperator =
  ({ mode, operators }: Pick<Settings, 'mode' | 'operators'>) =>
  (ctx: Koa.Context): boolean => {
    if (mode === 'development') return true
    const { user } = ctx.state
    return user !== undefined && (user.roles.includes(operatorRole) || operators.includes(user.id))
  }

/** Account ids have 22 characters; what has not is probably a name, as `OPERATORS` once took them. */
const idLength = 22

export const operatorWarning = (operators: readonly string[]): string | undefined => {
  const names = operators.filter(({ length }) => length !== idLength)
  if (names.length === 0) return undefined
  return `OPERATORS: ${names.join(', ')} is no account id, and makes nobody an operator; an account's page shows its id`
}
