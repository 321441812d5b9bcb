import { partitionsOf, isPresent } from './partitions.ts'
import { byName } from './ring.ts'
import { contentGroupsOf } from './content-groups.ts'
import type { MemberPicture, Picture, ClusterView } from '../picture.ts'

/** How things stand: `well`, worth a look, or people on two sides live in two worlds. */
export interface Summary {
  readonly mood: 'well' | 'changing' | 'split'
  readonly headline: string
  readonly detail: string
}

export const summaryOf = (picture: Picture): Summary => {
  const partitions = partitionsOf(picture)
  const groups = contentGroupsOf(picture.members)
  const down = picture.members.filter(({ state }) => state === 'down')
  if (partitions.length > 1) {
    return { mood: 'split', headline: splitWords(partitions), detail: truthWords(groups.length) }
  }
  if (down.length > 0) {
    const view = viewOf(picture)
    // From here a crash of most and a cut look the same, and the cut is likelier.
    if (view === 'minority') {
      return {
        mood: 'split',
        headline: `${namesOf(down)} cannot be reached from here`,
        detail: viewMeanings.minority,
      }
    }
    return { mood: 'changing', headline: downWords(down), detail: viewMeanings[view ?? 'majority'] }
  }
  if (groups.length > 1) {
    return { mood: 'changing', headline: 'Catching up', detail: truthWords(groups.length) }
  }
  const count = picture.members.filter(isPresent).length
  return {
    mood: 'well',
    headline: count === 1 ? 'One member, by itself' : `${count} members, all of them linked`,
    detail: count === 1 ? 'Start another, and the two find each other.' : 'All hold the same.',
  }
}

const splitWords = (partitions: readonly (readonly MemberPicture[])[]): string =>
  `Split in ${partitions.length}: ${partitions.map((partition) => namesOf(partition)).join(' | ')}`

const truthWords = (groups: number): string =>
  groups > 1
    ? `They hold ${groups} different truths. After the heal all hold one, and nothing is lost.`
    : 'What they hold is the same so far.'

const downWords = (down: readonly MemberPicture[]): string =>
  `${namesOf(down)} ${down.length === 1 ? 'is' : 'are'} down`

/** How much of the cluster whoever looks sees; somebody outside sees all of it. */
const viewOf = ({ observer, members }: Picture): ClusterView | undefined => {
  if (observer.kind === 'outside') return undefined
  const self = members.find(({ id }) => id === observer.id)
  return self?.report.kind === 'answered' ? self.report.view : undefined
}

const viewMeanings: Readonly<Record<ClusterView, string>> = {
  whole: 'Every member that has not left can be reached from here.',
  majority: 'Most members are there. The others catch up when they are back.',
  minority: 'Most members cannot be reached from here. Both sides catch up when the network heals.',
}

const mostNames = 6

const namesOf = (members: readonly MemberPicture[]): string => {
  const names = members
    .toSorted(byName)
    .slice(0, mostNames)
    .map(({ name }) => name)
  const more = members.length - names.length
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ')
}
