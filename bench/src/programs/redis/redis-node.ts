import { createClient } from 'redis'
import { monotonic, sleep } from '../../clock.ts'
import { serve } from '../../processes/serve.ts'
import { recordOf, type StoredUser } from '../../users.ts'
import type { Range } from '../cluster/cluster-node.ts'

/** An app instance that keeps its users in Redis and hears of new ones over its pub/sub, as instances with a cache do. */
export interface RedisNodeCalls {
  start(options: { readonly port: number }): Promise<void>
  /** `MULTI SET PUBLISH EXEC`, one after the other; the next when this one has seen it itself. @returns when begun, by name */
  signUps(users: Range): Promise<ReadonlyMap<string, number>>
  /** `PUBLISH` alone, one after the other with a pause between. @returns when each was begun, by name */
  changes(options: Range & { readonly pause: number }): Promise<ReadonlyMap<string, number>>
  /** When each user became known here, by name. */
  arrivals(): ReadonlyMap<string, number>
  forget(): void
}

const connect = (port: number) => createClient({ socket: { host: '127.0.0.1', port } })

const arrivals = new Map<string, number>()
let writer: ReturnType<typeof connect> | undefined
let onArrival = (): void => undefined

const client = (): ReturnType<typeof connect> => {
  if (writer === undefined) throw new Error('not started')
  return writer
}

const take = (message: string): void => {
  const { username }: StoredUser = JSON.parse(message)
  arrivals.set(username, monotonic())
  onArrival()
}

const signUp = async (user: StoredUser): Promise<void> => {
  const value = JSON.stringify(user)
  const seen = new Promise<void>((resolve) => {
    onArrival = resolve
  })
  await client().multi().set(`user:${user.id}`, value).publish('users', value).exec()
  await seen
}

serve<RedisNodeCalls>({
  start: async ({ port }) => {
    writer = connect(port)
    const subscriber = connect(port)
    await Promise.all([writer.connect(), subscriber.connect()])
    await subscriber.subscribe('users', take)
  },
  signUps: async ({ from, count }) => {
    const begun = new Map<string, number>()
    for (let index = from; index < from + count; index += 1) {
      const user = recordOf(index)
      begun.set(user.username, monotonic())
      await signUp(user)
    }
    return begun
  },
  changes: async ({ from, count, pause }) => {
    const begun = new Map<string, number>()
    for (let index = from; index < from + count; index += 1) {
      const user = recordOf(index)
      begun.set(user.username, monotonic())
      await client().publish('users', JSON.stringify(user))
      await sleep(pause)
    }
    return begun
  },
  arrivals: () => arrivals,
  forget: () => arrivals.clear(),
})
