import { operatorRole } from '../routes/operators.ts'
import type { User } from '@grapevine/user-cache'
import type { Logger } from 'pino'
import type { Instance } from '../instance/instance.ts'

export interface Operator {
  readonly id: string
  readonly username: string
  readonly disabled: boolean
  /** Members that hold the change. */
  readonly members?: number
}

export interface Operators {
  /** In the order of their ids. */
  list(): readonly Operator[]
  /** The role goes with the account: a new name changes nothing, and nobody takes it over with the old one. */
  grant(user: User): Promise<Operator>
  revoke(user: User): Promise<Operator>
}

/** Who may see the inside of the cluster, as the command line grants it. Each change is an audit event. */
export const operators = (
  { users, userReplica }: Pick<Instance, 'users' | 'userReplica'>,
  log: Pick<Logger, 'info'>,
): Operators => {
  const change = async (
    type: 'role-granted' | 'role-revoked',
    { id }: User,
    act: () => User,
  ): Promise<Operator> => {
    const { value, acknowledgement } = await userReplica.write(act)
    const audit = { type, userId: id, role: operatorRole, actor: 'the command line', at: Date.now() }
    log.info({ audit }, type)
    return { ...shown(value), members: acknowledgement.members.length }
  }
  return {
    list: () => users.withRole(operatorRole).map(shown),
    grant: (user) => change('role-granted', user, () => users.grantRole(user.id, operatorRole)),
    revoke: (user) => change('role-revoked', user, () => users.revokeRole(user.id, operatorRole)),
  }
}

const shown = ({ id, username, disabled }: User): Operator => ({ id, username, disabled })
