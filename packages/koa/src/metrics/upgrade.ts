import { gauge } from './gauge.ts'
import type { Membership } from '@grapevine/membership'
import type { Registry } from 'prom-client'

/** How far the cluster's upgrade is. */
export const upgradeMetrics = (
  register: Registry,
  { membership: { upgrade } }: { readonly membership: Membership },
): void => {
  gauge(
    register,
    { name: 'grapevine_protocol_finalised', help: 'Lowest version of the protocol that is spoken from here' },
    () => upgrade.status().finalised,
  )
  gauge(
    register,
    { name: 'grapevine_protocol_highest', help: 'Highest version of the protocol of this release' },
    () => upgrade.status().highest,
  )
  gauge(
    register,
    {
      name: 'grapevine_upgrade_hindrances',
      help: 'Members that stand in the way of finalising: of an older release, or absent',
      label: 'reason',
    },
    () => {
      const { hindrances } = upgrade.status()
      const counted = (reason: string): number => hindrances.filter((one) => one.reason === reason).length
      return { older: counted('older'), absent: counted('absent') }
    },
  )
}
