import { password, usernameOf } from '../../users.ts'

/** An anonymous session and the body of a login with it. */
export interface LoginForm {
  readonly cookie: string
  readonly body: string
}

export const loginForm = async (url: string, user: number): Promise<LoginForm> => {
  const response = await fetch(`${url}/token`)
  const token = await response.text()
  const body = new URLSearchParams({ username: usernameOf(user), password, _csrf: token }).toString()
  return { cookie: cookieOf(response), body }
}

/** @returns the cookies of the session, as a browser sends them back */
export const logIn = async (url: string, user: number): Promise<string> => {
  const { cookie, body } = await loginForm(url, user)
  const headers = { cookie, 'content-type': 'application/x-www-form-urlencoded' }
  const response = await fetch(`${url}/login`, { method: 'POST', body, headers, redirect: 'manual' })
  await response.arrayBuffer()
  const session = cookieOf(response)
  if (session === '') throw new Error(`no session for user ${user} at ${url}: status ${response.status}`)
  return session
}

/** One after the other: a bounded queue of hashes would refuse them all at once. */
export const logInMany = async (url: string, count: number): Promise<readonly string[]> => {
  const cookies: string[] = []
  for (let user = 1; user <= count; user += 1) cookies.push(await logIn(url, user))
  return cookies
}

const cookieOf = (response: Response): string =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
