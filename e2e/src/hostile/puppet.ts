import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Action, Outcomes, PuppetOptions, Reply } from './order.ts'

/** A member in a process of its own that does what it is told. */
export interface Puppet extends AsyncDisposable {
  readonly name: string
  /** The answer of the member. Rejects when it refuses. */
  request(to: string, protocol: string, bytes: Uint8Array): Promise<Uint8Array>
  publish(topic: string, messages: readonly Uint8Array[], listeners: number): Promise<void>
  subscribe(to: string, topics: readonly string[]): Promise<void>
  /** Tells all that it is linked to these claims of the roster, past all checks of its own side. */
  claim(claims: readonly object[]): Promise<void>
  heard(): Promise<readonly Uint8Array[]>
  /** Names of those that it sees alive. */
  members(): Promise<readonly string[]>
  /** Ids of those that it can send requests to. */
  links(): Promise<readonly string[]>
  id(): Promise<string>
}

const program = fileURLToPath(new URL('../../dist/hostile/puppet-main.js', import.meta.url))

/** Resolves when its process runs; it joins by itself. */
export const startPuppet = async (options: PuppetOptions): Promise<Puppet> => {
  const child = fork(program, [JSON.stringify(options)], { serialization: 'advanced', execArgv: [], env: {} })
  const waiting = new Map<number, (reply: Reply) => void>()
  child.on('message', (message) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- from our own program
    const reply = message as Reply
    waiting.get(reply.id)?.(reply)
    waiting.delete(reply.id)
  })
  const gone = once(child, 'exit')
  void gone.then(() => {
    for (const [id, settle] of waiting) settle({ id, outcome: 'failed', why: 'the puppet is gone' })
  })
  let last = 0
  const tell = async <D extends Action>(action: D): Promise<Outcomes[D['do']]> => {
    const id = ++last
    const answered = new Promise<Reply>((resolve) => waiting.set(id, resolve))
    child.send({ id, action })
    const reply = await answered
    if (reply.outcome === 'failed') throw new Error(`${options.name}: ${reply.why}`)
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- from our own program
    return reply.value as Outcomes[D['do']]
  }
  await once(child, 'spawn')

  return {
    name: options.name,
    request: async (to, protocol, bytes) => await tell({ do: 'request', to, protocol, bytes }),
    publish: async (topic, messages, listeners) => await tell({ do: 'publish', topic, messages, listeners }),
    subscribe: async (to, topics) => await tell({ do: 'subscribe', to, topics }),
    claim: async (claims) => await tell({ do: 'claim', claims }),
    heard: async () => await tell({ do: 'tell-heard' }),
    members: async () => await tell({ do: 'tell-members' }),
    links: async () => await tell({ do: 'tell-links' }),
    id: async () => await tell({ do: 'tell-id' }),
    [Symbol.asyncDispose]: async () => {
      if (child.connected) child.disconnect()
      await gone
    },
  }
}
