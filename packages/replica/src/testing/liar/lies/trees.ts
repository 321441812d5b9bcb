import { message, numbers } from '../bytes.ts'
import { pathsOf, summary } from '../honest.ts'
import { branchNode, leafNode, nodeAt, rangedOf } from '../tree.ts'
import type { Liar, Lie } from '../lie.ts'

/** Lies about the tree. A cursor of another epoch makes who asks go down it. */
const falseTree = (name: string, node: (liar: Liar) => Buffer): Lie => ({
  name,
  act: (liar) => {
    for (const member of liar.others()) liar.tell(member, unequal(liar))
  },
  answer: (liar, request) => {
    if (request.number === numbers.compare) return unequal(liar)
    if (request.number !== numbers.descend) return undefined
    const same = node(liar)
    return message(numbers.nodes, { 1: Buffer.concat(pathsOf(request).map(() => same)) })
  },
})

const unequal = (liar: Liar): Buffer =>
  summary(liar, {
    ...(liar.random() < 0.5 ? { 1: noise(liar) } : {}),
    2: noise(liar),
    3: `epoch ${liar.random()}`,
    4: 1_000,
    5: 1_000,
  })

const noise = (liar: Liar): Buffer => Buffer.from(Array.from({ length: 32 }, () => liar.whole(0, 255)))

export const trees: readonly Lie[] = [
  falseTree('shows a tree deeper than its hashes are long', (liar) =>
    branchNode([noise(liar), ...Array.from({ length: 15 }, () => Buffer.alloc(20))]),
  ),
  falseTree('shows a tree of sixteen branches everywhere', (liar) =>
    branchNode(Array.from({ length: 16 }, () => noise(liar))),
  ),
  falseTree('shows its whole tree below each path', (liar) =>
    nodeAt((liar.halves[1] ?? []).map(rangedOf), ''),
  ),
  falseTree('shows leaves that are too large', (liar) =>
    leafNode(Array.from({ length: 255 }, () => noise(liar).subarray(0, 20))),
  ),
  falseTree('shows more nodes than were asked for', () => Buffer.alloc(200_000)),
  falseTree('shows half a node', () => Buffer.of(1, 2, 3)),
  falseTree('shows no node', () => Buffer.alloc(0)),
]
