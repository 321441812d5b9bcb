import type { Replicated } from '../../instance/content.ts'
import type { Membership } from '@grapevine/membership'
import type { MirrorStatus } from '@grapevine/user-cache'
import type { Instance } from '../../instance/instance.ts'

/** Whether an instance may get traffic, and why not. */
export interface Readiness {
  readonly status: 'ready' | 'not ready'
  /** In words, without names and addresses: everybody may read it. */
  readonly reasons: readonly string[]
  /** What is wrong and does not keep it from serving: nobody else is to decide that by what they send. */
  readonly warnings: readonly string[]
}

/** That it takes no more traffic, although it still serves. */
export interface Draining {
  readonly isDraining: () => boolean
}

export const readinessOf = (
  {
    replicas,
    mayBeReady,
    hasUsers,
    database,
    membership,
  }: Pick<Instance, 'replicas' | 'mayBeReady' | 'hasUsers' | 'database'> & {
    readonly membership: Pick<Membership, 'upgrade'>
  },
  { isDraining }: Draining,
): Readiness => {
  const reasons = isDraining() ? ['it was told to end'] : []
  if (!mayBeReady()) reasons.push('it expects other members and reaches none: see READY_ALONE_AFTER')
  const warnings = [...upgradeWarnings(membership)]
  for (const [name, replica] of Object.entries(replicas)) {
    const status = replica.status()
    const { ready, storage } = status
    if (!ready) reasons.push(`${name}: not caught up yet`)
    if (storage === 'failing') reasons.push(`${name}: the disk takes no writes`)
    warnings.push(...warningsOf(status).map((warning) => `${name}: ${warning}`))
  }
  if (database !== undefined) {
    const status = database.status()
    if (!hasUsers())
      reasons.push(
        `database: ${status.state === 'down' ? 'it cannot be used, and nobody is known here' : 'its accounts are not here yet'}`,
      )
    warnings.push(...databaseWarningsOf(status).map((warning) => `database: ${warning}`))
  }
  return { status: reasons.length === 0 ? 'ready' : 'not ready', reasons, warnings }
}

/** As long as it lasts: two versions are no failure, and nobody should forget that they are two. */
const upgradeWarnings = ({ upgrade }: Pick<Membership, 'upgrade'>): readonly string[] => {
  const older = upgrade.status().hindrances.filter(({ reason }) => reason === 'older').length
  return older > 0 ? [`upgrade: members run an older release (${older})`] : []
}

const databaseWarningsOf = ({ state, pending, refused, differing }: MirrorStatus): readonly string[] => [
  ...(state === 'down' ? ['it cannot be used: nobody can sign up'] : []),
  ...(pending > 0 ? [`accounts whose rows are still to be written (${pending})`] : []),
  ...(refused > 0 ? [`accounts that it does not take as they are (${refused})`] : []),
  ...(differing > 0 ? [`rows that say what no member has said (${differing})`] : []),
]

/** Who they are is told to operators: in the log, the metrics and the command line. */
const warningsOf = (status: ReturnType<Replicated['status']>): readonly string[] => {
  const [failed, behind] = 'failed' in status ? [status.failed, status.behind] : [[], []]
  const counts = [
    ['claims to hold something else, with nothing that is lacking here', status.diverged.length],
    ['failed the last exchange: what it holds may be lacking here', failed.length],
    ['did not confirm what was acknowledged here', behind.length],
    ['is not listened to for a while, for what it sent', status.cutOff.length],
  ] as const
  return counts.flatMap(([what, members]) => (members === 0 ? [] : [`a member ${what} (${members})`]))
}
