/** What happens to accounts here, as far as their rows are concerned. */
import { isId } from '../../facts/id.ts'
import { ownOrigin } from '../../commands/say.ts'
import type { FactSet } from '@grapevine/facts'

export interface FollowParts {
  readonly facts: Pick<FactSet, 'onChange'>
  /** Somebody changed it on this node. */
  readonly own: (id: string) => void
  /** Another member did, who writes the row; or it came from the database itself. */
  readonly others: (id: string) => void
}

export interface Follower {
  /** Runs what takes in accounts of the database: their rows are as they are. */
  silently<T>(take: () => T): T
  stop(): void
}

export const followAccounts = ({ facts, own, others }: FollowParts): Follower => {
  let isSilent = false
  const stop = facts.onChange(({ added, erased, origin }) => {
    if (isSilent) return
    const tell = origin === ownOrigin ? own : others
    for (const id of new Set([...added.map(({ subject }) => subject), ...erased])) if (isId(id)) tell(id)
  })
  return {
    stop,
    silently: (take) => {
      isSilent = true
      try {
        return take()
      } finally {
        isSilent = false
      }
    },
  }
}
