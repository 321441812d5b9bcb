import { request, type IncomingMessage } from 'node:http'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { errorOf, isRecord, parseJson } from '@grapevine/std'
import { NodeRefusedError, NoNodeError } from './errors.ts'
import { fieldOf } from './table.ts'

/** A running node, over its socket. */
export interface NodeClient {
  /** @throws NodeRefusedError, NoNodeError */
  ask(method: 'GET' | 'POST', path: string): Promise<Record<string, unknown>>
  /** Lines of the answer, as they come. @throws NodeRefusedError, NoNodeError */
  lines(method: 'GET' | 'POST', path: string, body?: AsyncIterable<Uint8Array>): AsyncIterable<string>
}

export const nodeClient = (socketPath: string): NodeClient => ({
  ask: async (method, path) => {
    const answer = await send(socketPath, method, path)
    return parseObject(await textOf(answer))
  },
  lines: async function* (method, path, body) {
    const answer = await send(socketPath, method, path, body)
    yield* createInterface({ input: answer, crlfDelay: Infinity })
    if (!answer.complete) throw new NoNodeError('The node went away before it had said all.')
  },
})

const send = async (
  socketPath: string,
  method: string,
  path: string,
  body?: AsyncIterable<Uint8Array>,
): Promise<IncomingMessage> => {
  const call = request({ socketPath, method, path, headers: { host: 'node' } })
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    call.once('response', resolve)
    call.once('error', (error) => reject(unreachable(error, socketPath)))
  })
  if (body === undefined) call.end()
  // A failure of the call is told by `answered`; one of the body ends the call, which then says so.
  else pipeline(Readable.from(body), call).catch((error: unknown) => call.destroy(errorOf(error)))
  const answer = await answered
  if (answer.statusCode === 200) return answer
  const refusal = parseObject(await textOf(answer))
  throw new NodeRefusedError(
    fieldOf(refusal, 'error', 'REFUSED'),
    fieldOf(refusal, 'message', 'The node refused.'),
  )
}

const unreachable = (error: NodeJS.ErrnoException, socketPath: string): Error => {
  if (error.code === 'EACCES') {
    return new NoNodeError(`${socketPath} may be opened only by the user whom the node runs as.`)
  }
  if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') {
    return new NoNodeError(`No node runs there (any more): nobody answers on ${socketPath}.`)
  }
  return error
}

const textOf = async (answer: IncomingMessage): Promise<string> => {
  let text = ''
  for await (const chunk of answer.setEncoding('utf8')) text += String(chunk)
  return text
}

const parseObject = (text: string): Record<string, unknown> => {
  const value = parseJson(text)
  if (isRecord(value)) return value
  throw new NodeRefusedError(
    'UNREADABLE',
    'The node answered something that this version does not understand.',
  )
}
