import { encodeFacts, erasureOf, idOf, subjectOf, type Fact } from '@grapevine/facts'
import { RefusedUpdateError } from '../../errors.ts'
import { bounds } from '../protocol/bounds.ts'
import { decodeMessage, encodeMessage, type Message, type MessageOf } from '../protocol/message.ts'
import { encodeNodes } from '../protocol/node-list.ts'
import { sectionOf, type FactsContext } from './context.ts'
import { readFacts } from './fetch.ts'
import { readSummary, summaryOf } from './summary.ts'

export interface AnswerContext extends FactsContext {
  /** The member holds the same; or it does not, and is to be asked for what it holds. */
  readonly compared: (member: string, isEqual: boolean) => void
  readonly refused: (member: string, reason: string) => void
}

/** Answers one request of a member; one that is cut off is not even decoded. */
export const answer = async (
  context: AnswerContext,
  bytes: Uint8Array,
  from: string,
): Promise<Uint8Array> => {
  if (context.penalties.isCutOff(from)) throw new RefusedUpdateError('not listened to for a while')
  try {
    return encodeMessage(await respond(context, decodeMessage(bytes), from))
  } catch (error) {
    if (error instanceof RefusedUpdateError) context.refused(from, error.message)
    throw error
  }
}

const respond = async (context: AnswerContext, request: Message, from: string): Promise<Message> => {
  switch (request.type) {
    case 'store':
      return store(context, request, from)
    case 'compare':
      return compare(context, request, from)
    case 'offer':
      return offer(context, request)
    case 'fetch':
      return fetched(context, request)
    case 'descend':
      return descend(context, request)
    default:
      context.traffic.unknown += 1
      return { type: 'unknown', asked: request.type === 'unknown' ? request.asked : 0 }
  }
}

/** Stored means held: here and on this disk, or spent, and then the one who asks is told why. */
const store = async (
  context: AnswerContext,
  { facts: bytes }: MessageOf<'store'>,
  from: string,
): Promise<Message> => {
  context.traffic.bytesIn += bytes.length
  const facts = readFacts(bytes)
  await context.intake.take(facts, from)
  const spent = new Set(facts.flatMap(({ mark, subject }) => (mark === '.' ? [subject] : [])))
  const erasures = [...spent].filter(context.set.isErased).map(erasureOf)
  return { type: 'stored', erasures: encodeFacts(erasures) }
}

const compare = (context: AnswerContext, request: MessageOf<'compare'>, from: string): Message => {
  const theirs = readSummary(request)
  const mine = summaryOf(context, from)
  const isEqual =
    Buffer.compare(theirs.roots.erasures, mine.roots.erasures) === 0 &&
    Buffer.compare(theirs.roots.facts, mine.roots.facts) === 0
  if (isEqual) context.cursors.set(from, { epoch: theirs.epoch, ...theirs.positions })
  context.compared(from, isEqual)
  return summaryOf(context, from).message
}

const offeredIdLength = 8

const offer = (context: AnswerContext, { half, epoch, after, most }: MessageOf<'offer'>): Message => {
  if (epoch !== context.epoch) return { type: 'offers', ids: new Uint8Array(), position: 0, isStale: 1 }
  const { keys, position } = sectionOf(context, half).since(after, Math.min(most, bounds.offered))
  const ids = Buffer.concat(keys.map((key) => idOf(key, offeredIdLength)))
  context.traffic.bytesOut += ids.length
  return { type: 'offers', ids, position, isStale: 0 }
}

/** Bytes of facts in an answer; one fact always finds room. */
const roomForFacts = 131_072
const [shortestId, longestId] = [8, 20]

const fetched = (context: AnswerContext, { half, ids, idLength }: MessageOf<'fetch'>): Message => {
  if (idLength < shortestId || idLength > longestId)
    throw new RefusedUpdateError(`ids of ${idLength} bytes; allowed: ${shortestId} to ${longestId}`)
  const facts: Fact[] = []
  let [room, isAbsent] = [roomForFacts, 0]
  for (let at = 0; at + idLength <= ids.length && room > 0 && isAbsent === 0; at += idLength) {
    if (facts.length >= bounds.fetched) break
    const fact = find(context, half, ids.subarray(at, at + idLength))
    if (fact === undefined) isAbsent = 1
    else facts.push(fact)
    if (fact?.mark === '.') room -= fact.text.length + fact.subject.length
  }
  const bytes = encodeFacts(facts)
  context.traffic.bytesOut += bytes.length
  return { type: 'fetched', facts: bytes, isAbsent }
}

/** The fact; or the erasure of its subject, if that came after it was announced. */
const find = (context: AnswerContext, half: number, id: Uint8Array): Fact | undefined => {
  const key = sectionOf(context, half).find(id)
  const fact = key === undefined ? undefined : context.set.fact(key)
  if (fact !== undefined) return fact
  const subject = key === undefined ? context.spentIds.find(id) : subjectOf(key)
  return subject === undefined ? undefined : erasureOf(subject)
}

const pathPattern = /^[0-9a-f]{0,40}$/

const descend = (context: AnswerContext, { half, paths }: MessageOf<'descend'>): Message => {
  const list = paths.slice(0, bounds.pathsLength + 1).split(',')
  if (list.length > bounds.paths || !list.every((path) => pathPattern.test(path)))
    throw new RefusedUpdateError(`paths of a tree: allowed are up to ${bounds.paths} of up to 40 hex digits`)
  const nodes = encodeNodes(list.map((path) => sectionOf(context, half).below(path)))
  context.traffic.bytesOut += nodes.length
  return { type: 'nodes', nodes }
}
