import { BoundedSet, type Log } from '@grapevine/std'
import { limits } from '../../limits.ts'
import type { Bus, BusMember } from '../../bus.ts'

/** Versions of the protocol of facts that this build speaks. */
export const factsVersions: readonly number[] = [1]

/** What an instance that keeps sets of facts is to say of itself in its hello. */
export const factsFeatures: readonly string[] = factsVersions.map((version) => `facts:${version}`)

/** Members of the first release name no features, and speak this. */
const firstVersion = 1

/**
 * The highest version that both speak, by the features that the other names; undefined for one that has none in common: it
 * keeps no sets of facts, or only as a version to come does.
 */
export const versionWith = (
  features: readonly string[],
  own: readonly number[] = factsVersions,
): number | undefined => {
  const theirs = features.length === 0 ? [firstVersion] : features.flatMap(versionOf)
  const common = own.filter((version) => theirs.includes(version))
  return common.length === 0 ? undefined : Math.max(...common)
}

const versionOf = (feature: string): number[] => {
  const version = /^facts:(\d{1,6})$/.exec(feature)?.[1]
  return version === undefined ? [] : [Number(version)]
}

/** The bus, as far as it leads to members that keep sets of facts. */
export interface SpeakersBus extends Bus {
  /** The version that the member is asked in. */
  versionWith(member: string): number | undefined
  /** Members that could be reached, and are not asked: they say that they have no version in common. */
  notAsked(): readonly string[]
}

export const speakersOf = (bus: Bus, log: Log): SpeakersBus => {
  const said = new BoundedSet<string>(limits.records)
  const all = (): readonly BusMember[] => bus.members?.() ?? []
  const versionFor = (member: string): number | undefined =>
    versionOfMember(all().find(({ id }) => id === member))
  const silent = (): ReadonlySet<string> =>
    new Set(all().flatMap((member) => (versionOfMember(member) === undefined ? [member.id] : [])))
  const say = (member: string): void => {
    if (said.has(member)) return
    said.add(member)
    log.info({ peer: member }, notAskedMessage)
  }
  const ofSpeakers = (): readonly BusMember[] => {
    const left = silent()
    return all().filter(({ id }) => id === bus.self.id || !left.has(id))
  }
  const { members } = bus
  return {
    self: bus.self,
    reachable: () => {
      const left = silent()
      return left.size === 0 ? bus.reachable() : bus.reachable().filter((member) => !left.has(member))
    },
    // Who is asked for a majority must tell that there is one to ask.
    ...(members === undefined ? {} : { members: ofSpeakers }),
    topic: (name) => bus.topic(name),
    request: (...asked) => bus.request(...asked),
    handle: (protocol, handler) => bus.handle(protocol, handler),
    on: (type, listener) =>
      bus.on(type, (event) => {
        if (versionFor(event.member.id) !== undefined) listener(event)
        else if (type === 'member:linked') say(event.member.id)
      }),
    versionWith: versionFor,
    notAsked: () => {
      const left = silent()
      return bus.reachable().filter((member) => left.has(member))
    },
  }
}

const notAskedMessage =
  'a member says that it keeps no sets of facts of a version known here; it is not asked for any'

const versionOfMember = (member: BusMember | undefined): number | undefined =>
  versionWith(member?.speaks?.features ?? [])
