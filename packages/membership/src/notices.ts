import type { Log } from '@grapevine/std'
import type { Notice } from './core/state/effect.ts'
import type { State } from './core/state/state.ts'

export const nameOf = ({ peers, self }: State, id: string): string =>
  id === self.id ? self.name : (peers.get(id)?.member.name ?? id)

/** One line for each notice; the names are looked up, since ids tell people little. */
export const logNotices =
  (log: Log, name: (id: string) => string) =>
  (notice: Notice): void => {
    switch (notice.type) {
      case 'liar':
        return log.warn(
          { peer: notice.peer },
          `${name(notice.peer)} sent what no honest member sends: its link was closed, and nothing of it was taken`,
        )
    }
  }
