import * as Y from 'yjs'
import { ask } from '../protocol/ask.ts'
import type { ConversationContext } from './conversation.ts'
import { bucketHashes, bucketOf, differingBuckets, hashLength, liveEntries, type Entry } from './entries.ts'
import { judge, type Policy } from '../guard/judge.ts'

/** How many entries were inserted anew, and how many cannot be. */
export interface Repair {
  readonly entries: number
  readonly unrepaired: number
}

/** Differing buckets that are looked into at once; the others wait for the next time. */
const mostBuckets = 64
const draws = 64
const entriesAtOnce = 500

/**
 * Two members hold different content under the same ids: a client id was used twice. What such an id means can
 * never be agreed on, but the entries of root maps can be inserted anew under an id of their own: those that the
 * other lacks and those that this node lacks, together, so that none is hidden by the deletes that follow. A new
 * item hides the old one, which is deleted thereby, and of what is deleted only the id counts; so the two are equal
 * again. Whatever is no entry of a root map cannot be repaired.
 *
 * @param insert - applies and spreads an update as if it were local
 */
export const repair = async (
  context: ConversationContext,
  member: string,
  policy: Policy | undefined,
  insert: (update: Uint8Array) => void,
): Promise<Repair> => {
  const differing = await differences(context, member)
  const accepted = differing.filter(({ root, key, value }) => {
    const change = { entries: [{ root, key, value }], deletions: [], tombstones: [], others: 0 }
    return policy === undefined || policy(change).verdict === 'accept'
  })
  const author = highestOf(draws)
  const repairable = accepted.filter(({ client }) => client < author.clientID)
  author.on('update', insert)
  for (let from = 0; from < repairable.length; from += entriesAtOnce)
    author.transact(() => {
      for (const { root, key, value } of repairable.slice(from, from + entriesAtOnce))
        author.getMap(root).set(key, value)
    })
  return { entries: repairable.length, unrepaired: differing.length - repairable.length }
}

/** The entries that only one of the two has. */
const differences = async (context: ConversationContext, member: string): Promise<Entry[]> => {
  const { doc, clock } = context
  const theirs = await hashes(context, member, { type: 'buckets' })
  const buckets = differingBuckets(await bucketHashes(doc, clock), theirs).slice(0, mostBuckets)
  const wanted = new Set(buckets)
  const mine = new Map<string, Entry>()
  for await (const part of liveEntries(doc, clock))
    for (const entry of part) if (wanted.has(bucketOf(entry))) mine.set(nameOf(entry), entry)
  const known = new Set<string>()
  const foreign: Entry[] = []
  for (const bucket of buckets) {
    const names = split(await hashes(context, member, { type: 'bucket', bucket }))
    for (const name of names) known.add(name)
    if (names.every((name) => mine.has(name))) continue
    for (const entry of await entriesOf(context, member, bucket))
      if (!mine.has(nameOf(entry))) foreign.push(entry)
  }
  return [...foreign, ...[...mine].flatMap(([name, entry]) => (known.has(name) ? [] : [entry]))]
}

const nameOf = ({ hash }: Entry): string => hash.toString('hex')

/** Read in a document of their own, within the bounds of any foreign update. */
const entriesOf = async (
  context: ConversationContext,
  member: string,
  bucket: number,
): Promise<readonly Entry[]> => {
  const response = await ask(context, member, { type: 'entries', bucket })
  if (response.type !== 'entries') throw new Error(`answered a request for entries with "${response.type}"`)
  const carrier = new Y.Doc()
  if (judge(carrier, response.update, undefined) === 'gap') throw new Error('sent entries with a gap')
  Y.applyUpdate(carrier, response.update)
  const entries: Entry[] = []
  for await (const part of liveEntries(carrier, context.clock))
    // Who wrote them is not told: any author may stand over them.
    for (const entry of part) entries.push({ ...entry, client: 0 })
  return entries
}

const hashes = async (
  context: ConversationContext,
  member: string,
  request: { readonly type: 'buckets' } | { readonly type: 'bucket'; readonly bucket: number },
): Promise<Uint8Array> => {
  const response = await ask(context, member, request)
  if (response.type !== 'hashes') throw new Error(`answered a request for hashes with "${response.type}"`)
  return response.hashes
}

const split = (bytes: Uint8Array): string[] => {
  const all = Buffer.from(bytes)
  return Array.from({ length: Math.floor(all.length / hashLength) }, (_, index) =>
    all.subarray(index * hashLength, (index + 1) * hashLength).toString('hex'),
  )
}

/** An author whose items stand over those of lower ids. None is made up: Yjs draws each. */
const highestOf = (count: number): Y.Doc =>
  Array.from({ length: count }, () => new Y.Doc()).reduce((highest, drawn) =>
    drawn.clientID > highest.clientID ? drawn : highest,
  )
