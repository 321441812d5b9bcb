import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** A slot of a folder, as it is seen by the process of another. */
export interface SeenSlot {
  /** `slot-2`, or the folder itself. */
  readonly folder: string
  /** Grows while a process has it. */
  readonly stamp: number
  readonly hasData: boolean
}

/**
 * Slots with data that no process has: what is in them the others do not get. A process that has a slot stamps it at every turn, so
 * one whose stamp stays the same for some turns is nobody's; it takes no lock to know it, and none from a process that starts.
 */
export const unreadSlots = (turns: number) => {
  const since = new Map<string, { readonly stamp: number; readonly turn: number }>()
  let turn = 0
  /** @returns the folders, as they are now */
  return (seen: readonly SeenSlot[]): readonly string[] => {
    turn += 1
    return seen
      .filter(({ folder, stamp, hasData }) => {
        const last = since.get(folder)
        if (last === undefined || last.stamp !== stamp) since.set(folder, { stamp, turn })
        return hasData && turn - (since.get(folder)?.turn ?? turn) >= turns
      })
      .map(({ folder }) => folder)
  }
}

/** Whether users were ever written there. */
export const hasData = async (folder: string): Promise<boolean> => {
  try {
    return (await readdir(join(folder, 'users'))).length > 0
  } catch {
    return false
  }
}
