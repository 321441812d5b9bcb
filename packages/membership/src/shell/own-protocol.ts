import { incarnationProofs } from '../network/admission/incarnation-proofs.ts'
import { initialState } from '../core/state/state.ts'
import type { Versions } from '../core/state/versions.ts'
import { createCoreRunner, type CoreRunner } from './core-runner.ts'
import type { Config } from '../config.ts'
import type { Member } from '../core/state/member.ts'
import type { Identity } from '../disk/identity.ts'

export const ownVersions = ({ gates, features, protocols }: Config): Versions => ({
  protocols,
  gates,
  features,
})

/**
 * The core of a member with this identity, which does nothing yet. One whose key is new, beside a roster of its folder, takes the place
 * of the namesake in it.
 *
 * @param onDisk - who was in the cluster when it ran last
 * @param now - monotonic, in milliseconds
 * @param finalised - version that the upgrade was finalised at, from the disk
 */
export const ownProtocol = (
  config: Config,
  identity: Identity,
  onDisk: readonly Member[],
  now: () => number,
  finalised = 1,
): CoreRunner => {
  const { cluster, metadata, timings } = config
  const { id, incarnation, privateKey, isNew } = identity
  const name = config.name ?? id.slice(-8)
  const speaks = ownVersions(config)
  const self: Member = { id, name, incarnation, addresses: [], metadata, state: 'alive', speaks }
  const proofs = incarnationProofs(cluster, id, privateKey)
  const remembered = onDisk.filter((member) => member.id !== id && !(isNew && member.name === name))
  return createCoreRunner(
    initialState(self, timings, Math.random, now(), { proofs, remembered, wallClock: Date.now, finalised }),
    now,
  )
}
