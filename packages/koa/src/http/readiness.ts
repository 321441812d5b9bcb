import type { Instance } from '../instance/instance.ts'

/** Whether an instance may get traffic, and why not. */
export interface Readiness {
  readonly status: 'ready' | 'not ready'
  /** In words, without names and addresses: everybody may read it. */
  readonly reasons: readonly string[]
}

/** That it takes no more traffic, although it still serves. */
export interface Draining {
  readonly isDraining: () => boolean
}

export const readinessOf = (
  { replicas }: Pick<Instance, 'replicas'>,
  { isDraining }: Draining,
): Readiness => {
  const reasons = isDraining() ? ['it was told to end'] : []
  for (const [name, replica] of Object.entries(replicas)) {
    const { ready, storage } = replica.status()
    if (!ready) reasons.push(`${name}: not caught up yet`)
    if (storage === 'failing') reasons.push(`${name}: the disk takes no writes`)
  }
  return { status: reasons.length === 0 ? 'ready' : 'not ready', reasons }
}
