import type { Log } from '@grapevine/std'
import { oncePer } from '../once-per.ts'
import { limits } from '../limits.ts'
import { firstVersions, type Versions } from '../core/state/versions.ts'
import type { Member } from '../core/state/member.ts'
import type { Notice } from '../core/state/effect.ts'
import type { State } from '../core/state/state.ts'

export const nameOf = ({ peers, self }: State, id: string): string =>
  id === self.id ? self.name : (peers.get(id)?.member.name ?? id)

/** One line for each notice; the names are looked up, since ids tell people little. */
export const logNotices = (
  log: Log,
  self: () => Member,
  name: (id: string) => string,
  now: () => number,
): ((notice: Notice) => void) => {
  const isFirst = oncePer(60_000, limits.strangers)
  return (notice) => {
    const own = self()
    if (!isFirst(`${notice.type} ${'peer' in notice ? notice.peer : ''}`, now())) return
    switch (notice.type) {
      case 'liar':
        return log.warn(
          { peer: notice.peer },
          `${name(notice.peer)} sent what no honest member sends: its link was closed, and nothing of it was taken`,
        )
      case 'cloned':
        return log.warn(
          { member: own.id },
          `another process runs with the key of ${own.name}: its data folder was copied. Stop one of the two, remove member.key from its folder, and start it as a new member`,
        )
      case 'skewed': {
        const seconds = Math.abs(notice.skew / 1_000).toFixed(1)
        const direction = notice.skew > 0 ? 'ahead of' : 'behind'
        return log.warn(
          { peer: notice.peer, skew: notice.skew },
          `the clock of ${name(notice.peer)} is ${seconds} s ${direction} the clock of ${own.name}: set both by NTP`,
        )
      }
      case 'incompatible':
        return log.warn(
          { peer: notice.peer, theirs: notice.theirs, ours: own.speaks },
          `refused ${notice.name}: it speaks ${inWords(notice.theirs)}, and ${own.name} ${inWords(own.speaks)}; upgrade one step at a time, and go back only before an upgrade is finalised`,
        )
      case 'finalised':
        return log.info(
          { version: notice.version },
          `the upgrade is finalised at protocol ${notice.version}: no member goes back to an older release from here`,
        )
      case 'behind':
        return log.warn(
          { peer: notice.peer, by: notice.by },
          `${name(notice.peer)} is ${notice.by} protocol versions behind ${own.name}: upgrade it before the next release`,
        )
    }
  }
}

const inWords = (versions: Versions = firstVersions): string => {
  const [lowest, highest] = versions.protocols
  return `protocol ${lowest === highest ? lowest : `${lowest} to ${highest}`}, gates ${versions.gates.join(', ')}`
}
