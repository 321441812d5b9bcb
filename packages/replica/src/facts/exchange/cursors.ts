import { BoundedMap } from '@grapevine/std'

/** How far this node has taken in what a member took in: all of it up to there is held here, or spent. */
export interface Cursor {
  /** The member's process: another one counts anew. */
  readonly epoch: string
  readonly erasures: number
  readonly facts: number
}

export interface Cursors {
  of(member: string): Cursor
  set(member: string, cursor: Cursor): void
}

/** Members that are remembered; of another one the tree is compared. */
const mostMembers = 1_024

export const createCursors = (): Cursors => {
  const cursors = new BoundedMap<string, Cursor>(mostMembers)
  return {
    of: (member) => cursors.get(member) ?? none,
    set: (member, cursor) => void cursors.set(member, cursor),
  }
}

const none: Cursor = { epoch: '', erasures: 0, facts: 0 }
