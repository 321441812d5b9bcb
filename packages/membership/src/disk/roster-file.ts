import { join } from 'node:path'
import { reasonOf, type Log } from '@grapevine/std'
import { nodeKept, type KeptFiles } from './kept-files.ts'
import { decodeMember } from '../core/state/messages.ts'
import { limits } from '../limits.ts'
import type { Member } from '../core/state/member.ts'

/** Who was in the cluster when this member ran last, so that one that starts while it is cut off does not take itself for all. */
export interface RosterFile {
  /** Empty when there is none, it is damaged, or it is older than `most` milliseconds. */
  load(most: number): Promise<readonly Member[]>
  /** Only when it has changed. A disk that fails is told of once, and never stops the member. */
  save(members: readonly Member[]): Promise<void>
}

export const rosterFile = (
  folder: string | undefined,
  log: Log,
  clock: () => number,
  kept: KeptFiles = nodeKept,
): RosterFile => {
  if (folder === undefined) return { load: async () => [], save: async () => undefined }
  const file = join(folder, 'roster')
  let saved = ''
  let hasFailed = false
  return {
    load: async (most) => {
      try {
        return decodeRoster((await kept.read(file))?.toString(), clock() - most)
      } catch (error) {
        log.warn(
          { file, reason: reasonOf(error) },
          'the roster of the last run cannot be read; it is ignored',
        )
        return []
      }
    },
    save: async (members) => {
      const others = members
        .filter(({ state }) => state !== 'left')
        .slice(0, limits.members)
        // How its clock goes was measured by this run.
        .map(({ skew: _item, ...member }) => member)
      const text = JSON.stringify(others.map(({ state: _item, ...member }) => member))
      if (text === saved) return
      try {
        await kept.write(file, JSON.stringify({ version: 1, savedAt: clock(), members: others }))
        saved = text
        hasFailed = false
      } catch (error) {
        if (!hasFailed) log.warn({ file, reason: reasonOf(error) }, 'the roster cannot be written')
        hasFailed = true
      }
    },
  }
}

/** One that was saved before `since` says nothing any more; one from the future may be of a clock that was wrong. */
const decodeRoster = (text: string | undefined, since: number): readonly Member[] => {
  if (text === undefined) return []
  const stored: unknown = JSON.parse(text)
  if (typeof stored !== 'object' || stored === null || !('members' in stored)) throw new Error('not a roster')
  if (!Array.isArray(stored.members) || stored.members.length > limits.members)
    throw new Error('not a roster')
  if ('savedAt' in stored && typeof stored.savedAt === 'number' && stored.savedAt < since) return []
  return stored.members.map((member: unknown): Member => ({ ...decodeMember(member), state: 'down' }))
}
