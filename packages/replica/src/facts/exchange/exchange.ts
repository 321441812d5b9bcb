import { sleep } from '@grapevine/std'
import { ask } from '../protocol/ask.ts'
import { bounds } from '../protocol/bounds.ts'
import { decodeNodes, hashBytes, type Node } from '../protocol/node-list.ts'
import { halves, sectionOf, type FactsContext, type Half } from './context.ts'
import { readSummary, summaryOf, type Summary } from './summary.ts'
import { createExchangeDeadline, type ExchangeDeadline } from './exchange-deadline.ts'
import type { Fetcher } from './fetch.ts'

export interface ExchangeContext extends FactsContext {
  readonly fetcher: Fetcher
}

/**
 * How an exchange ended: both hold the same; or this node holds all that the member held when it began, and `isExplained`
 * tells whether what is left of the difference is what the member has still to fetch.
 */
export type Outcome = { readonly kind: 'equal' } | { readonly kind: 'taken'; readonly isExplained: boolean }

/**
 * Anti-entropy (Demers et al. 1987): takes in what the member holds and this node lacks; the member does the same at its
 * own pace. Erasures first. What the member took in since this node last looked is told by a cursor; where there is none,
 * because one of the two was started anew, the trees are compared.
 *
 * @throws RefusedUpdateError, UndeliveredError, Error: nothing of it counts as an exchange
 */
export const exchangeWith = async (context: ExchangeContext, member: string): Promise<Outcome> => {
  const deadline = createExchangeDeadline(context.clock)
  let theirs = await compare(context, member)
  await pull(context, member, 'erasures', theirs, deadline)
  theirs = await agreeOnErasures(context, member, theirs, deadline)
  await pull(context, member, 'facts', theirs, deadline)
  const isEqual = areEqual(theirs, summaryOf(context, member))
  context.cursors.set(member, {
    epoch: theirs.epoch,
    erasures: theirs.positions.erasures,
    facts: theirs.positions.facts,
  })
  return isEqual ? { kind: 'equal' } : { kind: 'taken', isExplained: !hasRead(context, theirs) }
}

const compare = async (context: ExchangeContext, member: string): Promise<Summary> => {
  const answer = await ask(context, member, summaryOf(context, member).message, 'compare')
  return readSummary(answer)
}

const areEqual = (a: Summary, b: Summary): boolean => halves.every((half) => isSame(a, b, half))

const isSame = (a: Summary, b: Summary, half: Half): boolean =>
  Buffer.compare(a.roots[half], b.roots[half]) === 0

/** Whether the member has taken in, as it says, all that this node has taken in. */
const hasRead = ({ set, epoch }: ExchangeContext, { cursor }: Summary): boolean =>
  cursor.epoch === epoch && cursor.erasures >= set.erasures.position && cursor.facts >= set.facts.position

/** The member takes in this node's erasures meanwhile; before it has, it would announce what is spent. */
const agreeOnErasures = async (
  context: ExchangeContext,
  member: string,
  first: Summary,
  deadline: ExchangeDeadline,
): Promise<Summary> => {
  let theirs = first
  for (
    let tries = 0;
    tries < mostWaits && !isSame(theirs, summaryOf(context, member), 'erasures');
    tries += 1
  ) {
    deadline.check()
    await sleep(context.clock, tries * waitStep, context.signal)
    theirs = await compare(context, member)
    await pull(context, member, 'erasures', theirs, deadline)
  }
  return theirs
}

/** About a second in all; then the exchange goes on as it is. */
const mostWaits = 10
const waitStep = 20

const pull = async (
  context: ExchangeContext,
  member: string,
  half: Half,
  theirs: Summary,
  deadline: ExchangeDeadline,
): Promise<void> => {
  if (isSame(theirs, summaryOf(context, member), half)) return
  const reached = theirs.positions[half]
  const cursor = context.cursors.of(member)
  const section = sectionOf(context, halves.indexOf(half))
  // Who holds nothing has read all that there is before the beginning.
  const after = cursor.epoch === theirs.epoch ? cursor[half] : section.size === 0 ? 0 : undefined
  if (after === undefined || (after >= reached && hasRead(context, theirs)))
    await pullByTree(context, member, half, deadline)
  else await pullSince(context, member, half, { epoch: theirs.epoch, after, reached }, deadline)
}

/** Keys of one offer: 16 KiB of hashes. */
const mostOffered = 2_048
const offeredIdLength = 8

const pullSince = async (
  context: ExchangeContext,
  member: string,
  half: Half,
  { epoch, after, reached }: { readonly epoch: string; readonly after: number; readonly reached: number },
  deadline: ExchangeDeadline,
): Promise<void> => {
  const number = halves.indexOf(half)
  for (let position = after; position < reached;) {
    deadline.check()
    const question = { type: 'offer', half: number, epoch, after: position, most: mostOffered } as const
    const { ids, position: next, isStale } = await ask(context, member, question, 'offers')
    context.traffic.bytesIn += ids.length
    if (isStale > 0) throw new Error('the member was started anew meanwhile')
    if (ids.length > mostOffered * offeredIdLength) throw new Error('an offer of more than was asked for')
    const isFull = ids.length === mostOffered * offeredIdLength
    if (next <= position || (next < reached && !isFull)) throw new Error('an offer that leads nowhere')
    await context.fetcher.fetch(member, number, ids, offeredIdLength, deadline)
    position = next
  }
}

const pullByTree = async (
  context: ExchangeContext,
  member: string,
  half: Half,
  deadline: ExchangeDeadline,
): Promise<void> => {
  const number = halves.indexOf(half)
  const open = ['']
  while (open.length > 0) {
    deadline.check()
    const paths = open.splice(-bounds.paths)
    const answer = await ask(context, member, { type: 'descend', half: number, paths: paths.join() }, 'nodes')
    context.traffic.bytesIn += answer.nodes.length
    const nodes = decodeNodes(answer.nodes, paths.length)
    const ids: Uint8Array[] = []
    for (const [index, node] of nodes.entries()) {
      const path = paths[index] ?? ''
      if (node.kind === 'keys') ids.push(checkBelow(path, node.ids))
      else open.push(...differing(context, number, path, node))
    }
    await context.fetcher.fetch(member, number, Buffer.concat(ids), hashBytes, deadline)
  }
}

const checkBelow = (path: string, ids: Uint8Array): Uint8Array => {
  for (let at = 0; at < ids.length; at += hashBytes) {
    const id = Buffer.from(ids.subarray(at, at + hashBytes)).toString('hex')
    if (!id.startsWith(path)) throw new Error('a key that does not lie below the path that was asked for')
  }
  return ids
}

/** The children in which the member has something that this node has not. */
const differing = (
  context: ExchangeContext,
  half: number,
  path: string,
  { hashes }: Extract<Node, { kind: 'hashes' }>,
): string[] => {
  if (path.length >= bounds.depth) throw new Error('a tree deeper than any set of facts can make it')
  const own = sectionOf(context, half).below(path)
  return Array.from({ length: 16 }, (_, digit) => digit).flatMap((digit) => {
    const theirs = hashes.subarray(digit * hashBytes, (digit + 1) * hashBytes)
    const mine = own.kind === 'hashes' ? own.hashes[digit]?.subarray(0, hashBytes) : undefined
    const isAlike =
      mine === undefined ? theirs.every((byte) => byte === 0) : Buffer.compare(mine, theirs) === 0
    return isAlike ? [] : [path + digit.toString(16)]
  })
}
