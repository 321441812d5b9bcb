import type { Versions } from './versions.ts'

/**
 * How an upgrade of the cluster ends. Until it is finalised every member speaks the older versions too, so that any instance can go back.
 * To finalise is to raise the lowest version that is spoken to one that every member speaks: whatever that version brings may be used from
 * then on, and nobody comes back who does not speak it.
 *
 * The version is a maximum: it travels in what members say of themselves, each takes over a higher one that it hears, keeps it on its disk,
 * and only then goes by it and says so. So it arrives in whatever order, and survives a crash at any moment. Of a version that this build does
 * not speak nothing is taken: nobody can bring a member to where it cannot run.
 */
export interface Upgrade {
  finalised: number
  /** On its way to the disk. */
  keeping: number | undefined
  /** What could be finalised, and since when without a break. */
  candidate: { readonly version: number; since: number } | undefined
  /** Members of which it was said that they are two versions behind. */
  readonly behindTold: Set<string>
}

export const initialUpgrade = (finalised: number): Upgrade => ({
  finalised,
  keeping: undefined,
  candidate: undefined,
  behindTold: new Set(),
})

/** What a member says of itself once this version is finalised. */
export const finalisedAt = (speaks: Versions, version: number): Versions => {
  const [lowest, highest] = speaks.protocols
  if (version <= 1) return speaks
  return { ...speaks, protocols: [Math.max(lowest, version), highest], finalised: version }
}
