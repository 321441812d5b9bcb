import {
  antiForgery,
  antiForgeryToken,
  authentication,
  deriveSessionKeys,
  login,
  memoryAttempts,
  memoryLedger,
  passwordHasher,
  requireUser,
  sessions,
} from '@grapevine/auth-middleware'
import { bodyParser } from '@koa/bodyparser'
import Koa from 'koa'
import { serve } from '../../processes/serve.ts'
import { hashOf, password } from '../../users.ts'
import { fill, startMember, type Member } from '../cluster/member.ts'
import type { HttpCalls } from './http-calls.ts'
import { listen, on, page } from './site.ts'

export interface GrapevineHttpCalls extends HttpCalls {
  /** Joins the members at these addresses; serves once one of them is linked and all that they have is here. */
  join(options: {
    readonly folder: string
    readonly seeds: readonly string[]
  }): Promise<{ readonly port: number }>
}

/** User 0 has a hash of the default cost; the next ones a cheap one, so that many sessions can be opened quickly. */
const cheapHashes = 1_000

const hasher = passwordHasher()
/** All logins come from one address here, and many to one account. */
const attempts = memoryAttempts({ account: 1_000_000, device: 1_000_000, address: 1_000_000 })

const createApp = ({ users }: Member): Koa => {
  const app = new Koa()
  const keys = deriveSessionKeys(['a secret of the benchmark only'])
  const accounts = {
    get: users.get,
    claimants: users.claimants,
  }
  app.use(sessions(app, { keys, mode: 'development' }))
  app.use(authentication({ accounts, ledger: memoryLedger() }))
  app.use(
    on('GET', '/token', (ctx) => {
      ctx.body = antiForgeryToken(ctx)
    }),
  )
  app.use(on('POST', '/login', bodyParser()))
  app.use(antiForgery())
  app.use(
    on('POST', '/login', login({ accounts, hasher, attempts, view: (ctx, { error }) => (ctx.body = error) })),
  )
  app.use(requireUser())
  app.use(page)
  return app
}

/** A whole instance: a member of a cluster, its replica on disk, its users, and the middleware. */
serve<GrapevineHttpCalls>({
  start: async ({ users, folder = '' }) => {
    const member = await startMember({ folder })
    const signal = AbortSignal.timeout(10_000)
    const costly = await hasher.hash(password, { signal })
    const cheap = await passwordHasher({ memoryKiB: 8, passes: 1 }).hash(password, { signal })
    const hashFor = (index: number): string => {
      if (index === 0) return costly
      return index <= cheapHashes ? cheap : hashOf(index)
    }
    await fill(member, { from: 0, count: users }, hashFor)
    return await listen(createApp(member))
  },
  join: async (options) => {
    const member = await startMember(options)
    await member.linked
    await member.replica.ready
    return await listen(createApp(member))
  },
})
