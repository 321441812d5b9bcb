import { factsFeatures } from '@grapevine/replica'

/** Something that this release can do and the one before could not. */
export interface Feature {
  /** Told to every member in the hello. */
  readonly name: string
  readonly words: string
  /** The version of the protocol from which on every member has it. */
  readonly since: number
  /**
   * Whether all have to understand it: then it is off until the upgrade to that version is finalised. Otherwise two members use it as
   * soon as both name it.
   */
  readonly needsEverybody: boolean
}

/** Those of this release, the newest last. A name never changes its meaning: what is changed gets a new one. */
export const features: readonly Feature[] = factsFeatures.map((name) => ({
  name,
  words: 'sets of facts are exchanged',
  since: 1,
  needsEverybody: false,
}))

export type FeatureState = 'on' | 'off until finalised' | 'between those that have it'

/** @param finalised - version that the cluster's upgrade is finalised at */
export const stateOf = ({ since, needsEverybody }: Feature, finalised: number): FeatureState => {
  if (finalised >= since) return 'on'
  return needsEverybody ? 'off until finalised' : 'between those that have it'
}

export const isOn = (feature: Feature, finalised: number): boolean => stateOf(feature, finalised) === 'on'
