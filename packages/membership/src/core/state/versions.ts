/** What an instance can speak; it tells so of itself, and every member knows it of every other. */
export interface Versions {
  /** Lowest and highest version of the protocol between members. */
  readonly protocols: readonly [number, number]
  /** Versions of the app's gate for facts. */
  readonly gates: readonly number[]
  readonly features: readonly string[]
  /** The version that the cluster's upgrade is finalised at, as far as this member knows: it speaks none below any more. */
  readonly finalised?: number
}

/** What two members speak with each other. */
export interface Spoken {
  readonly protocol: number
  /** The highest gate that both have. */
  readonly gate: number
  readonly features: readonly string[]
}

/**
 * Version 1 hangs up on what it does not understand; version 2 ignores and counts it; version 3 keeps at which version the cluster's
 * upgrade was finalised.
 */
export const ownProtocols: readonly [number, number] = [1, 3]

/** Members of the version before tell none. */
export const firstVersions: Versions = { protocols: [1, 1], gates: [1], features: [] }

/** @returns undefined when they have no protocol or no gate in common */
export const commonVersions = (
  own: Versions = firstVersions,
  theirs: Versions = firstVersions,
): Spoken | undefined => {
  const protocol = Math.min(own.protocols[1], theirs.protocols[1])
  const gate = Math.max(...own.gates.filter((one) => theirs.gates.includes(one)))
  if (protocol < Math.max(own.protocols[0], theirs.protocols[0]) || gate === -Infinity) return undefined
  return { protocol, gate, features: own.features.filter((one) => theirs.features.includes(one)) }
}
