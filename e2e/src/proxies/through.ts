import { Agent, request } from 'node:http'
import type { BrowserNode } from '@grapevine/local-cluster'

/** The app as browsers know it; the proxy ends TLS. */
export const publicUrl = 'https://budget.example.org'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

export interface Asked {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** A way to send requests through a proxy, with connections kept as browsers keep them, or a new one for each. */
export interface Through {
  ask(path: string, asked?: Asked): Promise<Answer>
  /** For a `browser` that believes to be at the public URL. */
  readonly node: BrowserNode
  close(): void
}

const patience = 20_000

export interface ThroughOptions {
  readonly keepAlive: boolean
  /** The address that the proxy is asked from; on Linux all of 127.0.0.0/8 is this machine. @default any */
  readonly from?: string
}

export const through = (port: number, { keepAlive, from }: ThroughOptions): Through => {
  const agent = new Agent({
    keepAlive,
    maxSockets: 256,
    ...(from === undefined ? {} : { localAddress: from }),
  })
  const { host } = new URL(publicUrl)
  const ask = (path: string, { method = 'GET', headers = {}, body }: Asked = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const sent = request({
        host: '127.0.0.1',
        port,
        path,
        method,
        agent,
        timeout: patience,
        headers: { host, ...headers },
      })
      sent.once('timeout', () => sent.destroy(new Error(`no answer within ${patience} ms`)))
      sent.once('error', reject)
      sent.once('response', (answer) => {
        let text = ''
        answer.setEncoding('utf8')
        answer.on('data', (part: string) => void (text += part))
        answer.once('error', reject)
        answer.once('end', () => {
          const pairs = answer.rawHeaders.flatMap((name, at, all) =>
            at % 2 === 0 ? [[name, all[at + 1] ?? ''] as [string, string]] : [],
          )
          resolve({ status: answer.statusCode ?? 0, headers: new Headers(pairs), text })
        })
      })
      sent.end(body)
    })
  return {
    ask,
    node: {
      url: publicUrl,
      fetch: async (path, init = {}) => toResponse(await ask(path, await toAsked(init))),
    },
    close: () => agent.destroy(),
  }
}

const toAsked = async ({ method = 'GET', headers, body }: RequestInit): Promise<Asked> => {
  const request = new Request(publicUrl, { method, ...(body === undefined ? {} : { body }) })
  const text = method === 'GET' ? undefined : await request.text()
  const type = request.headers.get('content-type')
  return {
    method,
    headers: {
      ...Object.fromEntries(new Headers(headers)),
      ...(type === null ? {} : { 'content-type': type }),
      ...(text === undefined ? {} : { 'content-length': String(Buffer.byteLength(text)) }),
    },
    ...(text === undefined ? {} : { body: text }),
  }
}

const toResponse = ({ status, headers, text }: Answer): Response =>
  new Response(status === 304 || status === 204 ? null : text, { status, headers })
