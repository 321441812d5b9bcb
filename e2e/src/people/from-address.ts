import { Agent, request } from 'node:http'
import { browser, type Browser, type BrowserNode, type Page } from '@grapevine/local-cluster'

/** A machine of its own, as far as the app can tell: on Linux all of 127.0.0.0/8 is this machine. */
export interface Machine {
  /** Posts the login form of a session that was opened here. */
  login(fields: { readonly username: string; readonly password: string }): Promise<Reply>
  get(path: string): Promise<Reply>
  close(): void
}

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  /** From the request to the last byte, in milliseconds. */
  readonly took: number
}

/** The server closed a kept connection just as it was used again: browsers send anew. */
class StaleConnectionError extends Error {}

export const machine = async (
  node: BrowserNode,
  localAddress: string,
  visitor: Browser = browser(node),
): Promise<Machine> => {
  const page = await visitor.get('/')
  const token = antiForgeryToken(page)
  const cookie = await visitor.jar.getCookieString(node.url)
  // As many as a browser opens to one host, and a few more.
  const agent = new Agent({ keepAlive: true, maxSockets: 10 })
  const sendOnce = (method: string, path: string, body: string): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const since = performance.now()
      const sent = request(new URL(path, node.url), {
        method,
        agent,
        localAddress,
        headers: {
          accept: 'text/html',
          cookie,
          'sec-fetch-site': 'same-origin',
          ...(method === 'POST' ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
        },
      })
      sent.once('error', (error) => reject(sent.reusedSocket ? new StaleConnectionError() : error))
      sent.once('response', (answer) => {
        let text = ''
        answer.setEncoding('utf8')
        answer.on('data', (part: string) => void (text += part))
        answer.once('error', reject)
        answer.once('end', () => {
          const { statusCode: status = 0, headers } = answer
          resolve({ status, headers, text, took: performance.now() - since })
        })
      })
      sent.end(body)
    })
  const send = async (method: string, path: string, body: string): Promise<Reply> => {
    try {
      return await sendOnce(method, path, body)
    } catch (error) {
      if (!(error instanceof StaleConnectionError)) throw error
      return sendOnce(method, path, body)
    }
  }
  return {
    login: (fields) => send('POST', '/', new URLSearchParams({ ...fields, _csrf: token }).toString()),
    get: (path) => send('GET', path, ''),
    close: () => agent.destroy(),
  }
}

/** What the form of a page carries, bound to the session of whoever it was shown to. */
export const antiForgeryToken = ({ html, url }: Page): string => {
  const token = html.querySelector('input[name=_csrf]')?.getAttribute('value')
  if (token === undefined || token === '') throw new Error(`${url} shows no form with a token`)
  return token
}
