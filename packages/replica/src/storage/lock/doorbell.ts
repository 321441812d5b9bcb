import { createServer, connect } from 'node:net'
import { codeOf } from '@grapevine/std'

/** What a process that listens says of itself. */
export type State = 'held' | 'starting'

export interface Doorbell {
  state: State
  /** It answers no more. */
  close(): Promise<void>
}

/** Answers whoever connects, as long as the process lives; does not keep it alive. */
export const listen = (path: string): Promise<Doorbell> =>
  new Promise((resolve, reject) => {
    const bell: Doorbell = {
      state: 'starting',
      close: () => new Promise((closed) => void server.close(() => closed())),
    }
    const server = createServer((caller) => {
      // Who hangs up while being told has its reasons.
      caller.on('error', () => undefined).end(bell.state)
    })
    server.unref().once('error', reject)
    // Also for another user who may write to the folder: an image is started under any. Only a file has such rights.
    const isFile = !path.startsWith('\0')
    // Not by way of the process that started this one, as in workers of node:cluster: it would listen for all of them.
    server.listen({ path, exclusive: true, readableAll: isFile, writableAll: isFile }, () => resolve(bell))
  })

/**
 * `gone`: no process listens. `leaving`: it ceased to while it was asked; ask again. `silent`: one listens, or may, and does
 * not say.
 */
export type Answer = State | 'gone' | 'leaving' | 'silent'

/** Nobody listens there any more, or it never was a socket. */
const nobody = new Set(['ECONNREFUSED', 'ENOENT', 'ENOTSOCK'])
const leaving = new Set(['ECONNRESET', 'EPIPE'])

const answerOf = (error: Error): Answer => {
  const code = codeOf(error) ?? ''
  if (nobody.has(code)) return 'gone'
  return leaving.has(code) ? 'leaving' : 'silent'
}

export const ask = (path: string, patience: number): Promise<Answer> =>
  new Promise((resolve) => {
    let heard = ''
    const caller = connect({ path }).setEncoding('utf8')
    const settle = (answer: Answer): void => {
      resolve(answer)
      caller.destroy()
    }
    caller
      .setTimeout(patience, () => settle('silent'))
      .on('data', (text: string) => void (heard += text))
      .on('end', () => settle(heard === 'held' || heard === 'starting' ? heard : 'leaving'))
      .on('error', (error) => settle(answerOf(error)))
  })
