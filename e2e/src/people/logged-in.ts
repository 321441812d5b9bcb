import { browser, type Browser, type BrowserNode } from '@grapevine/local-cluster'
import { expect } from 'vitest'
import type { Person } from './person.ts'

/** A fresh browser of somebody who has just logged in with it. */
export const loggedIn = async (node: BrowserNode, who: Person): Promise<Browser> => {
  const visitor = browser(node)
  expect((await visitor.submit('/', { ...who })).status, `${who.username} on ${node.url}`).toBe(302)
  return visitor
}
