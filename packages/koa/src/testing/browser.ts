import { once } from 'node:events'
import { createServer, request, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import { onTestFinished } from 'vitest'

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

type Headers = Readonly<Record<string, string>>

/** Just enough of a browser: it keeps cookies, does not follow redirects, and may say any Host. */
export interface Browser {
  readonly get: (path: string, headers?: Headers) => Promise<Answer>
  readonly post: (path: string, fields: Headers, headers?: Headers) => Promise<Answer>
  /** Opens the page and sends its form, with the token that the page holds. */
  readonly submit: (page: string, fields: Headers, headers?: Headers) => Promise<Answer>
}

/** Serves at a free port until the test is over. @returns the port */
export const serve = async (listener: RequestListener): Promise<number> => {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

export const browserOf = (port: number): Browser => {
  const jar = new Map<string, string>()
  const send = async (method: string, path: string, headers: Headers, body = ''): Promise<Answer> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const type = method === 'POST' ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {}
    const sent = { Accept: 'text/html', ...type, ...(cookie === '' ? {} : { Cookie: cookie }), ...headers }
    const answer = await exchange({ port, method, path, headers: sent, agent: false }, body)
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=;]+)=([^;]*)/.exec(line) ?? []
      jar.set(name, value)
    }
    return answer
  }
  const post: Browser['post'] = (path, fields, headers = {}) =>
    send('POST', path, headers, new URLSearchParams(fields).toString())
  return {
    get: (path, headers = {}) => send('GET', path, headers),
    post,
    submit: async (page, fields, headers = {}) => {
      const { text } = await send('GET', page, headers)
      const [, token = ''] = /name="_csrf" value="([^"]+)"/.exec(text) ?? []
      return post(page, { ...fields, _csrf: token }, headers)
    },
  }
}

const exchange = async (options: object, body: string): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', ...options }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(parts).toString(),
        }),
      )
    })
    asked.once('error', reject)
    asked.end(body)
  })
