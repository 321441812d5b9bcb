import { isPresent } from '../state/member.ts'
import type { Overlay, Turn } from '../state/state.ts'

/**
 * Everybody, up to `fullMesh` members. Above that a ring by id: the nearest on each side, who watch each other
 * and have neighbours in common to ask, and others at doubling distances (as the fingers of Chord), so that
 * news cross the cluster in a few hops. Members that are down keep their places in a second ring, so that two
 * halves find each other again whoever went down.
 */
export const overlayOf = ({ state }: Turn): Overlay => (state.overlay ??= computeOverlay(state))

const computeOverlay = ({
  self,
  peers,
  timings: { fullMesh, neighbours: width },
}: Turn['state']): Overlay => {
  const present = [self.id]
  const staying = [self.id]
  for (const { member } of peers.values()) {
    if (isPresent(member)) present.push(member.id)
    if (member.state !== 'left') staying.push(member.id)
  }
  present.sort()
  const around = (ring: readonly string[], distances: readonly number[]): readonly string[] =>
    ring.length <= fullMesh ? ring.filter((id) => id !== self.id) : ringAround(ring, self.id, distances)
  const circle = (ring: readonly string[]): readonly string[] =>
    around(ring, [...near(width), ...fingers(ring.length, width)])
  const wanted = new Set(circle(present))
  if (staying.length > present.length) for (const id of circle(staying.sort())) wanted.add(id)
  return { wanted, watched: new Set(around(present, near(width))), ring: present }
}

/** Who watches a member as this node does, and is likely to be linked to it. */
export const watchersOf = (turn: Turn, id: string): readonly string[] => {
  const { fullMesh, neighbours: width } = turn.state.timings
  const { ring } = overlayOf(turn)
  return ring.length <= fullMesh ? ring : ringAround(ring, id, near(width))
}

const near = (width: number): number[] => Array.from({ length: width }, (_, index) => index + 1)

const fingers = (size: number, width: number): number[] => {
  const distances: number[] = []
  for (let distance = 2 * width; distance <= size / 2; distance *= 2) distances.push(distance)
  return distances
}

/** Who stands at these distances from `self`, both ways. */
const ringAround = (ring: readonly string[], self: string, distances: readonly number[]): string[] => {
  const place = ring.indexOf(self)
  const around = distances.flatMap((distance) => [
    ring.at((place + distance) % ring.length),
    ring.at((place - distance) % ring.length),
  ])
  return [...new Set(around)].flatMap((id) => (id === undefined || id === self ? [] : [id]))
}
