import { sideOf } from './names.ts'
import { hasAnswered, partitionsOf } from './partitions.ts'
import type { MemberPicture, Picture } from '../picture.ts'

/** How many users there are, as each side says; how many both sides have in common nobody can know. */
export const userWords = (picture: Picture): readonly string[] => {
  const sides = partitionsOf(picture)
    .map((side) => side.filter(hasAnswered))
    .filter((side) => side.length > 0)
  const [first, ...others] = sides
  if (first === undefined) return ['not known']
  if (others.length === 0) return [rangeOf(first)]
  return sides.map((side) => `${rangeOf(side)} on ${sideOf(side)}`)
}

const rangeOf = (side: readonly MemberPicture[]): string => {
  const counts = side.flatMap(({ report }) => (report.kind === 'answered' ? [report.users] : []))
  const [least, most] = [Math.min(...counts), Math.max(...counts)]
  return least === most ? `${least}` : `${least} to ${most}`
}
