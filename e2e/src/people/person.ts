import { browser, type BrowserNode, type Page } from '@grapevine/local-cluster'
import { expect } from 'vitest'

/** Somebody with a username and a password. */
export interface Person {
  readonly username: string
  readonly password: string
}

export const person = (username: string): Person => ({ username, password: `the password of ${username}` })

/** Signs up with a fresh browser; it must succeed. */
export const signUp = async (node: BrowserNode, who: Person): Promise<void> => {
  const answer = await browser(node).submit('/signup', { ...who })
  expect({ status: answer.status, location: answer.location }).toEqual({ status: 302, location: '/' })
}

/** One try to log in with a fresh browser. */
export const tryLogin = (node: BrowserNode, who: Person): Promise<Page> =>
  browser(node).submit('/', { ...who })

/** Logs in with a fresh browser, at the first try, and sees the budget. */
export const logInAtOnce = async (node: BrowserNode, who: Person): Promise<void> => {
  const visitor = browser(node)
  const answer = await visitor.submit('/', { ...who })
  expect({ who: who.username, status: answer.status }).toEqual({ who: who.username, status: 302 })
  expect((await visitor.get('/budget')).status).toBe(200)
}
