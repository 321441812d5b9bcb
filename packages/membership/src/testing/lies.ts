import { limits } from '../limits.ts'
import type { Statement } from '../core/state/statement.ts'
import type { MemberState } from '../core/state/member.ts'
import type { SimulatedMember } from './simulated-cluster.ts'
import type { World } from './simulated-world.ts'

const oneOf = <T>(items: readonly T[], random: () => number): T | undefined =>
  items[Math.floor(random() * items.length)]

/** Anything that a member with the secret can send: of anybody, at any incarnation, with any proof that it ever saw. */
const lie = ({ cluster, random }: World, liar: SimulatedMember): Statement | undefined => {
  const victim = oneOf(cluster.members, random)
  if (victim === undefined) return undefined
  const truth = victim.id === liar.id ? liar.state.self : liar.state.peers.get(victim.id)?.member
  if (truth === undefined) return undefined
  const { proof: replayed, accusers: _item, ...rest } = truth
  const incarnation = oneOf(
    [
      truth.incarnation,
      truth.incarnation + 1,
      limits.unprovenIncarnation,
      limits.incarnation - 1,
      limits.incarnation,
    ],
    random,
  )
  const proof = oneOf([undefined, replayed, 'forged'], random)
  const state = oneOf<MemberState>(['alive', 'suspect', 'down', 'left'], random) ?? 'down'
  return { ...rest, state, incarnation: incarnation ?? 0, ...(proof === undefined ? {} : { proof }) }
}

/** Tells two lies to about half of those it is linked to. */
export const tellLies = (world: World, liar: SimulatedMember): void => {
  const statements = [lie(world, liar), lie(world, liar)].flatMap((statement) => statement ?? [])
  for (const peer of liar.state.links)
    if (world.random() < 0.5) liar.host.send(peer, { type: 'gossip', statements })
}

/** Which of the honest do not hold, or do not reach, an honest one; in a large cluster they need not be linked. */
export const wronged = (
  { cluster }: World,
  liars: readonly string[],
  fullMesh: number,
): readonly string[] => {
  const honest = cluster.live().filter(({ id }) => !liars.includes(id))
  const areLinked = cluster.live().length <= fullMesh
  return honest.flatMap(({ id, state }) =>
    honest.flatMap((other) => {
      const held = state.peers.get(other.id)?.member.state
      const isRight = held === 'alive' && (!areLinked || state.reachable.has(other.id))
      return other.id === id || isRight ? [] : [`${id} holds ${other.id} to be ${held}`]
    }),
  )
}
