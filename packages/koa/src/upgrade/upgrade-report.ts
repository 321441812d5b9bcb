import { features, stateOf, type FeatureState } from './features.ts'
import type { Membership, UpgradeStatus } from '@grapevine/membership'

/** How far the cluster's upgrade is, as an operator is told. */
export interface UpgradeReport extends UpgradeStatus {
  readonly features: Readonly<Record<string, FeatureState>>
}

export const upgradeReport = ({ upgrade }: Pick<Membership, 'upgrade'>): UpgradeReport => {
  const status = upgrade.status()
  return {
    ...status,
    features: Object.fromEntries(
      features.map((feature) => [feature.name, stateOf(feature, status.finalised)]),
    ),
  }
}
