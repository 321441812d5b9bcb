import { once } from 'node:events'
import type { ChildProcess } from 'node:child_process'

/** The functions that a program answers to; see `serve`. */
export type CallsOf<C> = { readonly [K in keyof C]: (argument: never) => unknown }

/** A running program, called over its IPC channel. */
export interface Remote<C> {
  readonly pid: number
  call<K extends keyof C & string>(
    name: K,
    ...argument: C[K] extends (...given: infer A) => unknown ? A : never
  ): Promise<C[K] extends (...given: never) => infer R ? Awaited<R> : never>
  /** Resolves when the process is gone. */
  stop(): Promise<void>
}

export interface Request {
  readonly id: number
  readonly name: string
  readonly argument: unknown
}

export type Answer =
  | { readonly id: number; readonly type: 'value'; readonly value: unknown }
  | { readonly id: number; readonly type: 'error'; readonly message: string }

/** How long a program may take to end after its channel closed, in milliseconds. */
const endTimeout = 10_000

export const remoteOf = <C>(program: string, child: ChildProcess): Remote<C> => {
  const waiting = new Map<number, { resolve(value: never): void; reject(error: Error): void }>()
  let calls = 0

  child.on('message', (message) => {
    // The program is ours, and answers with nothing else.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const answer = message as Answer
    const caller = waiting.get(answer.id)
    waiting.delete(answer.id)
    if (answer.type === 'error') caller?.reject(new Error(`${program}: ${answer.message}`))
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    else caller?.resolve(answer.value as never)
  })
  child.once('exit', (code, signal) => {
    for (const { reject } of waiting.values())
      reject(new Error(`${program} ended (${signal ?? code}) before it answered`))
    waiting.clear()
  })

  return {
    pid: child.pid ?? 0,
    call: (name, ...[argument]) =>
      new Promise((resolve, reject) => {
        const id = (calls += 1)
        waiting.set(id, { resolve, reject })
        const request: Request = { id, name, argument }
        child.send(request, (error) => {
          if (error !== null) reject(error)
        })
      }),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      if (child.connected) child.disconnect()
      const overdue = setTimeout(() => child.kill('SIGKILL'), endTimeout)
      await gone
      clearTimeout(overdue)
    },
  }
}
