import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { streamPair } from '@libp2p/utils'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { limits } from '../../limits.ts'
import { joining, realMembers, recordingLog, until } from '../../testing/real-members.ts'
import { answerRequests } from './answering.ts'
import { requestChannel, type RequestChannel } from './request-channel.ts'
import { encodeFrame, frameReader, partLength, type Frame } from './request-frames.ts'
import { createSlots } from './slots.ts'
import type { Stream } from '@libp2p/interface'
import type { Libp2pNode } from '../node.ts'
import type { RequestHandler } from './answering.ts'

const { start, stopAll } = realMembers()
afterEach(stopAll)

const soon = (): AbortSignal => AbortSignal.timeout(10_000)
const bytesOf = (text: string): Uint8Array => Buffer.from(text)
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString()

interface Pair {
  readonly channel: RequestChannel
  /** The streams themselves, of the one who asks and of the one who answers. */
  readonly asking: Stream
  readonly answering: Stream
  readonly ended: Error[]
  readonly warnings: () => readonly string[]
}

const pair = async (handlers: Readonly<Record<string, RequestHandler>>, most = 64): Promise<Pair> => {
  // Four messages under way, then whoever sends has to wait.
  const [asking, answering] = await streamPair({ capacity: 4 })
  const { log, warnings } = recordingLog()
  const ended: Error[] = []
  answerRequests(answering, {
    peer: 'a',
    handlers: new Map(Object.entries(handlers)),
    slots: createSlots(most),
    log,
  })
  const channel = requestChannel(asking, (reason) => ended.push(reason))
  return { channel, asking, answering, ended, warnings }
}

/** A handler that is under way until it is released, and remembers how it was told to stop. */
const slow = () => {
  const signals: AbortSignal[] = []
  const release: (() => void)[] = []
  const handler: RequestHandler = (request, { signal }) => {
    signals.push(signal)
    return new Promise((resolve) => release.push(() => resolve(request)))
  }
  return { handler, signals, release }
}

test('frames that arrive in any pieces are those that were sent', () => {
  const bytes = fc.uint8Array({ maxLength: 300 })
  const id = fc.integer({ min: 0, max: 0xffff_ffff })
  const frame: fc.Arbitrary<Frame> = fc.oneof(
    fc.record({ kind: fc.constantFrom('request' as const, 'response' as const), id, length: id, bytes }),
    fc.record({ kind: fc.constant('part' as const), id, bytes }),
    fc.record({ kind: fc.constant('failure' as const), id, failure: fc.constantFrom('busy', 'failed') }),
    fc.record({ kind: fc.constant('cancel' as const), id }),
  )
  fc.assert(
    fc.property(fc.array(frame), fc.integer({ min: 1, max: 40 }), (frames, piece) => {
      const arrived: Frame[] = []
      const read = frameReader((each) => arrived.push(each))
      const wire = Buffer.concat(frames.map(encodeFrame))
      for (let from = 0; from < wire.length; from += piece) read(wire.subarray(from, from + piece))
      expect(arrived.map(encodeFrame)).toEqual(frames.map(encodeFrame))
    }),
  )
})

test('each answer finds its question, however they overtake each other', async () => {
  const { handler, release } = slow()
  const { channel } = await pair({ slow: handler })
  const questions = Array.from({ length: 20 }, (_, index) => `question ${index}`)
  const answers = questions.map((question) => channel.ask('slow', bytesOf(question), soon()))
  await until(() => release.length === questions.length)
  for (const let_go of release.toReversed()) let_go()
  expect((await Promise.all(answers)).map(textOf)).toEqual(questions)
})

test('a small request is answered while large ones are on their way in both directions', async () => {
  const { channel } = await pair({ echo: (request) => request })
  const order: string[] = []
  const large = new Uint8Array(limits.request).fill(7)
  const [first, second] = [large, large.slice().fill(8)].map(async (bytes) => {
    expect(Buffer.compare(await channel.ask('echo', bytes, soon()), bytes)).toBe(0)
    order.push('large')
  })
  await channel.ask('echo', bytesOf('small'), soon())
  order.push('small')
  await Promise.all([first, second])
  expect(order).toEqual(['small', 'large', 'large'])
})

test('who stops waiting is told at once, and the handler too', async () => {
  const { handler, signals, release } = slow()
  const { channel } = await pair({ slow: handler, echo: (request) => request })
  const controller = new AbortController()
  const answer = channel.ask('slow', bytesOf('?'), controller.signal)
  await until(() => signals.length === 1)
  controller.abort(new Error('never mind'))
  await expect(answer).rejects.toThrow('never mind')
  await until(() => signals[0]?.aborted === true)
  // Its late answer is nobody's.
  release[0]?.()
  expect(textOf(await channel.ask('echo', bytesOf('next'), soon()))).toBe('next')
})

test('a request that is given up half sent leaves no trace', async () => {
  const seen: number[] = []
  const { channel } = await pair({ length: (request) => Uint8Array.of(seen.push(request.length)) }, 1)
  const controller = new AbortController()
  const large = channel.ask('length', new Uint8Array(limits.request), controller.signal)
  controller.abort(new Error('too much'))
  await expect(large).rejects.toThrow('too much')
  await channel.ask('length', new Uint8Array(3), soon())
  expect(seen).toEqual([3])
})

test('beyond the bound a request is refused at once, while others are answered', async () => {
  const { handler, release } = slow()
  const { channel } = await pair({ slow: handler }, 2)
  const first = [channel.ask('slow', bytesOf('1'), soon()), channel.ask('slow', bytesOf('2'), soon())]
  const refused = { code: 'REQUEST_FAILED', failure: 'busy' }
  await expect(channel.ask('slow', bytesOf('3'), soon())).rejects.toMatchObject(refused)
  await expect(channel.ask('slow', new Uint8Array(5 * partLength), soon())).rejects.toMatchObject(refused)
  for (const let_go of release) let_go()
  expect((await Promise.all(first)).map(textOf)).toEqual(['1', '2'])
  const again = channel.ask('slow', bytesOf('4'), soon())
  await until(() => release.length === 3)
  release[2]?.()
  expect(textOf(await again)).toBe('4')
})

test('who asks and cancels does not get more handlers to work than the bound', async () => {
  const { handler, signals } = slow()
  const { channel } = await pair({ slow: handler }, 2)
  const failures: unknown[] = []
  for (let round = 0; round < 5; round += 1) {
    const controller = new AbortController()
    const answer = channel.ask('slow', bytesOf('?'), controller.signal)
    const outcome = answer.catch((error: unknown) => failures.push(error))
    await until(() => signals.length > round || failures.length === round)
    controller.abort(new Error('never mind'))
    await outcome
  }
  expect(signals.length).toBe(2)
})

test('what a handler throws, an unknown protocol and an answer over the bound are told apart', async () => {
  const { channel } = await pair({
    broken: () => Promise.reject(new Error('a secret of this member')),
    huge: () => new Uint8Array(limits.request + 1),
  })
  const failure = async (protocol: string): Promise<unknown> =>
    channel.ask(protocol, bytesOf('?'), soon()).catch((error: unknown) => error)
  expect(await failure('broken')).toMatchObject({ code: 'REQUEST_FAILED', failure: 'failed' })
  expect(String(await failure('broken'))).not.toContain('secret')
  expect(await failure('none')).toMatchObject({ failure: 'unknown-protocol' })
  expect(await failure('huge')).toMatchObject({ failure: 'too-large' })
})

test('all that waits rejects when the stream ends, and every handler is told', async () => {
  const { handler, signals } = slow()
  const { channel, asking, ended } = await pair({ slow: handler })
  const answers = [1, 2, 3].map(() => channel.ask('slow', bytesOf('?'), soon()))
  const settled = Promise.allSettled(answers)
  await until(() => signals.length === 3)
  asking.abort(new Error('the link broke'))
  expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  await until(() => signals.every(({ aborted }) => aborted))
  expect(ended.length).toBe(1)
  expect(channel.isOpen).toBe(false)
  await expect(channel.ask('slow', bytesOf('?'), soon())).rejects.toThrow('ended')
})

const forged: Readonly<Record<string, Uint8Array>> = {
  'an empty frame': Uint8Array.of(0, 0, 0, 0),
  'a frame over the bound': Uint8Array.of(255, 255, 255, 255, 0),
  'a message over the bound': encodeFrame({ kind: 'request', id: 1, length: 2 ** 31, bytes: bytesOf('x') }),
  'an answer to a question never asked': encodeFrame({
    kind: 'response',
    id: 7,
    length: 1,
    bytes: bytesOf('x'),
  }),
  'more than was announced': Buffer.concat([
    encodeFrame({ kind: 'request', id: 1, length: 2, bytes: bytesOf('x') }),
    encodeFrame({ kind: 'part', id: 1, bytes: bytesOf('xyz') }),
  ]),
  'an id used twice': Buffer.concat([
    encodeFrame({ kind: 'request', id: 1, length: 9, bytes: bytesOf('x') }),
    encodeFrame({ kind: 'request', id: 1, length: 9, bytes: bytesOf('x') }),
  ]),
}

test.each(Object.entries(forged))(
  '%s ends the stream of who asks, with one line in the log',
  async (_, bytes) => {
    const { asking, warnings, ended } = await pair({ echo: (request) => request })
    asking.send(bytes)
    asking.send(bytes)
    await until(() => ended.length === 1)
    expect(warnings()).toEqual(['a member broke the request protocol; its stream was ended'])
  },
)

test.each(Object.entries(forged))('%s ends the stream of who answers', async (_, bytes) => {
  const [asking, answering] = await streamPair()
  const ended: Error[] = []
  const channel = requestChannel(asking, (reason) => ended.push(reason))
  const answer = channel.ask('echo', bytesOf('?'), soon())
  answering.send(bytes)
  await expect(answer).rejects.toMatchObject({ code: 'MALFORMED_MESSAGE' })
  expect(ended.length).toBe(1)
})

/** The libp2p nodes of members that are started from now on, by id. */
const watchNodes = (): Map<string, Libp2pNode> => {
  const nodes = new Map<string, Libp2pNode>()
  const watch = (message: unknown): void => {
    const { id, libp2p } = message as { readonly id: string; readonly libp2p: Libp2pNode }
    nodes.set(id, libp2p)
  }
  subscribe('grapevine:membership', watch)
  stopWatching = () => void unsubscribe('grapevine:membership', watch)
  return nodes
}
let stopWatching = (): void => undefined
afterEach(() => stopWatching())

test('what waits is rejected when its stream or its member goes, and the next request opens another stream', async () => {
  const nodes = watchNodes()
  const a = await start('a')
  const b = await start('b', joining(a))
  const { handler, signals } = slow()
  await b.handle('slow', handler)
  await b.handle('echo', (request) => request)
  await until(() => a.reachable().length === 1)
  const ask = (protocol: string): Promise<Uint8Array> =>
    a.request(b.self.id, protocol, bytesOf('?'), { signal: soon() })
  const lost = async (): Promise<boolean> =>
    (await Promise.allSettled([ask('slow')]))[0].status === 'rejected'

  const first = lost()
  await until(() => signals.length === 1)
  const streams =
    nodes
      .get(b.self.id)
      ?.getConnections()
      .flatMap((connection) => connection.streams) ?? []
  for (const stream of streams) if (stream.protocol.includes('requests')) stream.abort(new Error('enough'))
  expect(await first).toBe(true)
  expect(textOf(await ask('echo'))).toBe('?')

  const second = lost()
  await until(() => signals.length === 2)
  await b.leave()
  expect(await second).toBe(true)
  expect(signals.every(({ aborted }) => aborted)).toBe(true)
  await expect(ask('echo')).rejects.toBeInstanceOf(Error)
})

test('V3: a frame of a later version is skipped, and the next one is read', () => {
  const frames: Frame[] = []
  const read = frameReader((frame) => frames.push(frame))
  read(Buffer.concat([Uint8Array.of(0, 0, 0, 6, 9, 0, 0, 0, 1, 7), encodeFrame({ kind: 'cancel', id: 3 })]))
  expect(frames).toEqual([{ kind: 'cancel', id: 3 }])
})
