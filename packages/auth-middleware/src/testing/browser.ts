export interface Answer {
  readonly status: number
  readonly location: string | null
  readonly headers: Headers
  readonly setCookies: readonly string[]
  readonly text: string
}

/** Just enough of a browser: it keeps cookies and does not follow redirects. */
export interface Browser {
  readonly cookies: Map<string, string>
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Answer>
  readonly post: (
    path: string,
    fields: Record<string, string>,
    headers?: Record<string, string>,
  ) => Promise<Answer>
  /** Opens the page and sends its form, with the token that the page holds. */
  readonly submit: (page: string, fields: Record<string, string>, action?: string) => Promise<Answer>
}

export const browser = (url: string, cookies: Iterable<[string, string]> = []): Browser => {
  const jar = new Map(cookies)

  const send = async (path: string, init: RequestInit): Promise<Answer> => {
    const headers = new Headers(init.headers)
    if (jar.size > 0) headers.set('Cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '))
    const response = await fetch(new URL(path, url), { ...init, headers, redirect: 'manual' })
    const setCookies = response.headers.getSetCookie()
    setCookies.forEach((line) => keep(jar, line))
    const { status } = response
    const location = response.headers.get('Location')
    return { status, location, headers: response.headers, setCookies, text: await response.text() }
  }

  const post = async (
    path: string,
    fields: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<Answer> => send(path, { method: 'POST', body: new URLSearchParams(fields), headers })

  return {
    cookies: jar,
    get: (path, headers = {}) => send(path, { headers }),
    post,
    async submit(page, fields, action = page) {
      const { text } = await send(page, {})
      return post(action, { ...fields, _csrf: tokenIn(text) })
    },
  }
}

export const tokenIn = (page: string): string => {
  const token = /csrf:(\S+)|name="_csrf" type="hidden" value="([^"]+)"/.exec(page)?.slice(1).find(Boolean)
  if (token === undefined) throw new Error(`no token in the page: ${page.slice(0, 200)}`)
  return token
}

const keep = (jar: Map<string, string>, line: string): void => {
  const [, name = '', value = ''] = /^([^=;]+)=([^;]*)/.exec(line) ?? []
  const expires = /; expires=([^;]+)/.exec(line)?.[1]
  if (expires !== undefined && Date.parse(expires) <= Date.now()) jar.delete(name)
  else jar.set(name, value)
}
