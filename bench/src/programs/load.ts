import { isError } from '@grapevine/std'
import autocannon from 'autocannon'
import { monotonic } from '../clock.ts'
import { serve } from '../processes/serve.ts'
import { quantile } from '../statistics/summary.ts'

/** Asks a server for its page as fast as it answers, from a process of its own. */
export interface LoadCalls {
  load(options: LoadOptions): Promise<Load>
}

export interface LoadOptions {
  readonly url: string
  /** A session each; the connections go round them, each from another one on. Empty: no cookies. */
  readonly cookies: readonly string[]
  readonly connections: number
  readonly seconds: number
  /** Logins sent meanwhile, evenly, whatever becomes of them. */
  readonly logins?: { readonly perSecond: number; readonly body: string; readonly cookie: string }
}

export interface Load {
  readonly perSecond: number
  /** Milliseconds from request to response. */
  readonly p50: number
  readonly p99: number
  readonly requests: number
  /** Logins that were answered with a new session. */
  readonly loggedIn: number
}

const load: LoadCalls['load'] = async ({ url, cookies, connections, seconds, logins }) => {
  const latencies: number[] = []
  const statuses = new Set<number>()
  const requests = cookies.map((cookie) => ({ path: '/budget', headers: { cookie } }))
  let connection = 0
  const begun = monotonic()
  const logingIn = logins === undefined ? undefined : keepLoggingIn(url, logins)
  await new Promise<void>((resolve, reject) => {
    const cannon = autocannon(
      {
        url: `${url}/budget`,
        connections,
        duration: seconds,
        setupClient: (client) => {
          const start = Math.floor((connection * requests.length) / connections)
          connection += 1
          if (requests.length > 0) client.setRequests([...requests.slice(start), ...requests.slice(0, start)])
        },
      },
      (error: unknown) => (isError(error) ? reject(error) : resolve()),
    )
    cannon.on('response', (_client, status, _bytes, time) => {
      statuses.add(status)
      latencies.push(time)
    })
  })
  const elapsed = monotonic() - begun
  const loggedIn = (await logingIn?.stop()) ?? 0
  const strange = [...statuses].filter((status) => status !== 200)
  if (strange.length > 0) throw new Error(`answers with status ${strange.join(', ')} among those of ${url}`)
  return {
    perSecond: (latencies.length / elapsed) * 1000,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    requests: latencies.length,
    loggedIn,
  }
}

const keepLoggingIn = (
  url: string,
  { perSecond, body, cookie }: NonNullable<LoadOptions['logins']>,
): { stop(): Promise<number> } => {
  const attempts: Promise<boolean>[] = []
  const headers = { cookie, 'content-type': 'application/x-www-form-urlencoded' }
  const attempt = async (): Promise<boolean> => {
    const response = await fetch(`${url}/login`, { method: 'POST', body, headers, redirect: 'manual' })
    await response.arrayBuffer()
    return response.headers.getSetCookie().length > 0
  }
  const timer = setInterval(() => attempts.push(attempt()), 1000 / perSecond)
  return {
    stop: async () => {
      clearInterval(timer)
      return (await Promise.all(attempts)).filter(Boolean).length
    },
  }
}

serve<LoadCalls>({ load })
