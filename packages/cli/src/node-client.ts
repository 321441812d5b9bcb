import { request, type IncomingMessage } from 'node:http'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { errorOf, isRecord, parseJson, reasonOf } from '@grapevine/std'
import { socketAddress } from '@grapevine/std/node'
import { BrokenAnswerError, NodeRefusedError, NoNodeError } from './errors.ts'
import { fieldOf } from './table.ts'

/** A running node, over its socket. Everything rejects with the reason of the client's signal, once it is aborted. */
export interface NodeClient {
  /** @throws NodeRefusedError, NoNodeError, BrokenAnswerError */
  ask(method: 'GET' | 'POST', path: string): Promise<Record<string, unknown>>
  /** Lines of the answer, as they come. @throws NodeRefusedError, NoNodeError, BrokenAnswerError */
  lines(method: 'GET' | 'POST', path: string, body?: AsyncIterable<Uint8Array>): AsyncIterable<string>
}

interface Call {
  readonly method: string
  readonly path: string
  readonly body?: AsyncIterable<Uint8Array> | undefined
}

export const nodeClient = (socketPath: string, signal?: AbortSignal): NodeClient => ({
  ask: async (method, path) => {
    const answer = await send(socketPath, { method, path }, signal)
    return parseObject(await textOf(answer, signal))
  },
  lines: async function* (method, path, body) {
    const answer = await send(socketPath, { method, path, body }, signal)
    const lines = createInterface({ input: answer, crlfDelay: Infinity })[Symbol.asyncIterator]()
    try {
      for (;;) {
        // What the answer throws is that it broke off, which is told by the check.
        const next = await lines.next().catch(() => undefined)
        if (next === undefined || next.done === true) break
        yield next.value
      }
    } finally {
      // Who needs no more of it ends it.
      answer.destroy()
    }
    checkComplete(answer, signal)
  },
})

const send = async (
  socketPath: string,
  { method, path, body }: Call,
  signal?: AbortSignal,
): Promise<IncomingMessage> => {
  const answer = await answered(socketPath, { method, path, body }, signal)
  if (answer.statusCode === 200) return answer
  const refusal = parseObject(await textOf(answer, signal))
  throw new NodeRefusedError(
    fieldOf(refusal, 'error', 'REFUSED'),
    fieldOf(refusal, 'message', 'The node refused.'),
  )
}

const answered = async (
  socketPath: string,
  { method, path, body }: Call,
  signal?: AbortSignal,
): Promise<IncomingMessage> => {
  const { address, release } = addressOf(socketPath)
  try {
    return await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { host: 'node' }
      const call = request({ socketPath: address, method, path, headers, ...(signal && { signal }) })
      call.once('response', resolve)
      call.on('error', (error) => reject(signal?.aborted ? signal.reason : unreachable(error, socketPath)))
      if (body === undefined) call.end()
      // A failure of the call is told above; one of the body ends the call, which then says so.
      else pipeline(Readable.from(body), call).catch((error: unknown) => call.destroy(errorOf(error)))
    })
  } finally {
    release()
  }
}

const addressOf = (socketPath: string): ReturnType<typeof socketAddress> => {
  try {
    return socketAddress(socketPath)
  } catch (error) {
    throw new NoNodeError(`No node can be reached at ${socketPath}: ${reasonOf(error)}`, { cause: error })
  }
}

const unreachable = (error: NodeJS.ErrnoException, socketPath: string): Error => {
  const cause = { cause: error }
  if (error.code === 'EACCES')
    return new NoNodeError(`${socketPath} may be opened only by the user whom the node runs as.`, cause)
  if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT' || error.code === 'ENOTSOCK')
    return new NoNodeError(`No node runs there (any more): nobody answers on ${socketPath}.`, cause)
  if (error.code === 'ECONNRESET' || error.code === 'HPE_INVALID_CONSTANT')
    return new BrokenAnswerError('The node went away before it had answered.', cause)
  return error
}

const checkComplete = (answer: IncomingMessage, signal: AbortSignal | undefined): void => {
  signal?.throwIfAborted()
  if (!answer.complete) throw new BrokenAnswerError('The node went away before it had said all.')
}

const textOf = async (answer: IncomingMessage, signal: AbortSignal | undefined): Promise<string> => {
  let text = ''
  try {
    for await (const chunk of answer.setEncoding('utf8')) text += String(chunk)
  } catch {
    // Told by the check.
  }
  checkComplete(answer, signal)
  return text
}

const parseObject = (text: string): Record<string, unknown> => {
  const value = parseJson(text)
  if (isRecord(value)) return value
  throw new BrokenAnswerError('The node answered something that this version does not understand.')
}
