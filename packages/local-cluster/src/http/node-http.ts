import { InvalidOptionError, reasonOf, shown } from '@grapevine/std'
import { AnswerError } from '../errors.ts'

/** HTTP requests to one node. */
export interface NodeHttp {
  /** `fetch` of a path on this node; a redirect is an answer, not followed, and time is bounded by `requestTimeoutMs`. */
  fetch(path: string, init?: RequestInit): Promise<Response>
  /** GETs a path and parses the answer. @throws AnswerError unless it is JSON with a status of 2xx. */
  json(path: string): Promise<unknown>
}

export const nodeHttp = (origin: string, timeoutMs: number): NodeHttp => {
  const request = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const limit = AbortSignal.timeout(timeoutMs)
    const signal = init.signal ? AbortSignal.any([init.signal, limit]) : limit
    const headers = new Headers(init.headers)
    // A kept connection would outlive the process it led to, and fail the first request after a restart.
    if (!headers.has('connection')) headers.set('connection', 'close')
    return await fetch(urlOf(origin, path), { redirect: 'manual', ...init, headers, signal })
  }
  return {
    fetch: request,
    json: async (path) => await readJson(await request(path, { headers: { accept: 'application/json' } })),
  }
}

/** @throws InvalidOptionError unless `path` stays on that origin. */
export const urlOf = (origin: string, path: string): string => {
  if (!/^\/(?![/\\])/.test(path))
    throw new InvalidOptionError('path', shown(path), 'a path that starts with one /')
  return origin + path
}

const readJson = async (answer: Response): Promise<unknown> => {
  const text = await answer.text()
  if (!answer.ok) throw new AnswerError(answer.url, answer.status, 'wanted 2xx')
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new AnswerError(answer.url, answer.status, `not JSON (${reasonOf(error)})`, { cause: error })
  }
}
