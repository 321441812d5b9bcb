import inject from 'light-my-request'
import type { VirtualInstance } from '../instance/virtual-instance.ts'

export interface Answer {
  /** 0 when none came in time: nobody knows what was done. */
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

/** A program with a cookie jar, that asks for JSON and goes to any node. */
export interface Browser {
  send(
    node: VirtualInstance | undefined,
    method: 'GET' | 'POST',
    path: string,
    fields?: Fields,
  ): Promise<Answer>
  /** One with the same cookies, as they are now. */
  copy(): Browser
}

type Fields = Readonly<Record<string, string>>

export interface BrowserParts {
  /** Ends the wait for an answer. */
  readonly after: (ms: number, task: () => void) => () => void
  /** Names each request, so that no log draws a name by chance. */
  readonly nextId: () => string
  /** Where it asks from. */
  readonly address: string
}

/** Longer than anything that the app bounds by itself. */
const patience = 25_000
const noAnswer: Answer = { status: 0, body: {} }

export const createBrowser = (parts: BrowserParts, jar: Map<string, string> = new Map()): Browser => {
  let token: string | undefined
  const sendOnce = async (
    { app, host }: VirtualInstance,
    method: 'GET' | 'POST',
    path: string,
    { accept, fields }: { readonly accept: string; readonly fields?: Fields | undefined },
  ): Promise<{ readonly status: number; readonly text: string }> => {
    // On the node's own time: what stands still or is dead does not answer.
    await new Promise<void>((resolve) => void host.after(0.5, resolve))
    const answer = await inject(app.callback(), {
      method,
      url: path,
      headers: {
        host: 'simulated.example',
        'x-forwarded-proto': 'https',
        'x-forwarded-for': parts.address,
        'x-request-id': parts.nextId(),
        origin: 'https://simulated.example',
        accept,
        cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(fields === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { 'x-csrf-token': token }),
      },
      remoteAddress: '10.0.0.1',
      ...(fields === undefined ? {} : { payload: JSON.stringify(fields) }),
    })
    await new Promise<void>((resolve) => void host.after(0.5, resolve))
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) keep(jar, line)
    return { status: answer.statusCode, text: answer.payload }
  }
  const inTime = async <T>(work: Promise<T>): Promise<T | undefined> => {
    let cancel: () => void = () => undefined
    const over = new Promise<undefined>((resolve) => {
      cancel = parts.after(patience, () => resolve(undefined))
    })
    try {
      return await Promise.race([work, over])
    } finally {
      cancel()
    }
  }
  /** The token of a page's form, as a browser has it. */
  const fetchToken = async (node: VirtualInstance): Promise<void> => {
    const page = await sendOnce(node, 'GET', '/signup', { accept: 'text/html' })
    token = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1]
  }
  const exchange = async (
    node: VirtualInstance,
    method: 'GET' | 'POST',
    path: string,
    fields: Fields | undefined,
  ): Promise<Answer> => {
    if (method === 'POST' && token === undefined) await fetchToken(node)
    const answer = await sendOnce(node, method, path, { accept: 'application/json', fields })
    return { status: answer.status, body: bodyOf(answer.text) }
  }
  return {
    send: async (node, method, path, fields) => {
      if (node === undefined) return noAnswer
      const first = await inTime(exchange(node, method, path, fields))
      if (first?.body['error'] !== 'FORGED') return first ?? noAnswer
      token = undefined
      return (await inTime(exchange(node, method, path, fields))) ?? noAnswer
    },
    copy: () => createBrowser(parts, new Map(jar)),
  }
}

const keep = (jar: Map<string, string>, line: string): void => {
  const [, name = '', value = ''] = /^([^=;]+)=([^;]*)/.exec(line) ?? []
  if (value === '') jar.delete(name)
  else jar.set(name, value)
}

const bodyOf = (text: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
