import { parse, type HTMLElement } from 'node-html-parser'
import { CookieJar } from 'tough-cookie'
import { PageError } from '../errors.ts'
import { fillForm } from './form.ts'
import type { NodeHttp } from './node-http.ts'

/** What a browser needs of a node; any server at a URL without a path will do. */
export type BrowserNode = Pick<NodeHttp, 'fetch'> & { readonly url: string }

/** The answer to one request. */
export interface Page {
  /** Of the request. */
  readonly url: string
  readonly status: number
  /** Where a redirect leads, as the server said it. */
  readonly location: string | undefined
  readonly headers: Headers
  readonly text: string
  /** The text, parsed. */
  readonly html: HTMLElement
  /** GETs where this page redirects to: one step. @throws PageError if it does not redirect, or leads to another site. */
  follow(): Promise<Page>
}

export interface RequestOptions {
  /** Headers besides, or instead of, those that a browser sends: for forged requests. @default {} */
  headers?: Readonly<Record<string, string>>
}

export interface SubmitOptions extends RequestOptions {
  /** Which form, if the page has several: where it posts to. @default the page's own path */
  action?: string
}

/** One person's browser. No redirect is followed unless asked. */
export interface Browser {
  /** Its cookies, a `CookieJar` of tough-cookie. */
  readonly jar: CookieJar
  /** The same person with the same cookies on another node, whatever its address: as behind a load balancer. */
  at(node: BrowserNode): Browser
  get(path: string, options?: RequestOptions): Promise<Page>
  /** Posts fields as a form of this site would, without having seen one. */
  post(path: string, fields: Readonly<Record<string, string>>, options?: RequestOptions): Promise<Page>
  /**
   * Fills in the form on a page, which is got first if only its path is given, and posts it. A page of another node is
   * posted to this one, as happens behind a load balancer. @throws PageError
   */
  submit(
    page: string | Page,
    fields: Readonly<Record<string, string>>,
    options?: SubmitOptions,
  ): Promise<Page>
}

/** A browser-like client with cookies of its own, or with those of `jar`. */
export const browser = (node: BrowserNode, jar: CookieJar = new CookieJar()): Browser =>
  visit(node, jar, node.url)

/** @param site - whose cookies they are */
const visit = (node: BrowserNode, jar: CookieJar, site: string): Browser => {
  const request = async (path: string, init: RequestInit, headers: Record<string, string>): Promise<Page> => {
    const url = node.url + path
    const cookie = await jar.getCookieString(site + path)
    const sent = { accept: 'text/html', ...(cookie === '' ? {} : { cookie }), ...headers }
    const answer = await node.fetch(path, { ...init, headers: sent })
    // Like a browser, it leaves out a cookie that it must not accept, and goes on.
    for (const line of answer.headers.getSetCookie())
      await jar.setCookie(line, site + path, { ignoreError: true })
    return toPage(url, answer, await answer.text(), async (next) => await get(next, {}, 'same-origin'))
  }
  const get = async (path: string, { headers }: RequestOptions = {}, from = 'none'): Promise<Page> =>
    await request(path, { method: 'GET' }, { 'sec-fetch-site': from, ...headers })
  const post = async (
    path: string,
    fields: URLSearchParams,
    { headers }: RequestOptions = {},
  ): Promise<Page> => {
    const own = { origin: node.url, 'sec-fetch-site': 'same-origin' }
    return await request(path, { method: 'POST', body: fields }, { ...own, ...headers })
  }

  return {
    jar,
    at: (other) => visit(other, jar, site),
    get: async (path, options) => await get(path, options),
    post: async (path, fields, options) => await post(path, new URLSearchParams(fields), options),
    submit: async (target, fields, options = {}) => {
      const page = typeof target === 'string' ? await get(target) : target
      const form = fillForm(page, fields, options.action)
      return await post(localPath(page, form.action), form.fields, options)
    },
  }
}

const toPage = (url: string, answer: Response, text: string, get: (path: string) => Promise<Page>): Page => {
  const { status, headers } = answer
  const location = headers.get('location') ?? undefined
  return {
    url,
    status,
    location,
    headers,
    text,
    get html() {
      return parse(text)
    },
    follow: async () => {
      if (location === undefined) throw new PageError({ url, status }, 'it does not redirect')
      return await get(localPath({ url, status }, location))
    },
  }
}

/** The path that a link on a page leads to. It must stay on the page's node: nothing else is ever asked. */
const localPath = (page: { url: string; status: number }, link: string): string => {
  const target = new URL(link, page.url)
  if (target.origin !== new URL(page.url).origin) throw new PageError(page, `${link} leads to another site`)
  return target.pathname + target.search
}
