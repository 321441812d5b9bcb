import type { Clock } from '@grapevine/std'
import { limits } from '../../limits.ts'

/**
 * The right to send this node a large difference, held by one member at a time: a node that joins empty would
 * otherwise get the whole document from everybody at once.
 */
export interface SyncPermit {
  /** @returns whether this way of sending holds it now; it ends when unused for `limits.permit` */
  take(member: string, way: Way): boolean
  release(member: string, way: Way): void
  readonly isHeld: boolean
}

/** Whether this node asks the member for slices, or the member gives them; not both, or all would travel twice. */
export type Way = 'pull' | 'push'

export const createSyncPermit = (clock: Clock): SyncPermit => {
  let holder: { readonly name: string; readonly until: number } | undefined
  return {
    take: (member, way) => {
      const name = `${way} ${member}`
      const isFree = holder === undefined || holder.name === name || holder.until <= clock.now()
      if (isFree) holder = { name, until: clock.now() + limits.permit }
      return isFree
    },
    release: (member, way) => {
      if (holder?.name === `${way} ${member}`) holder = undefined
    },
    get isHeld() {
      return holder !== undefined && holder.until > clock.now()
    },
  }
}
