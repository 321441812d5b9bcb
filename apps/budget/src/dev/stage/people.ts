import { browser, type BrowserNode } from '@grapevine/local-cluster'

/** Somebody that the stage has signed up, and where they got in when it was last tried. */
export interface Somebody {
  readonly username: string
  readonly password: string
  readonly signedUpOn: string
  readonly logins: readonly { readonly node: string; readonly isIn: boolean }[]
}

export type Node = BrowserNode & { readonly name: string }

export interface People {
  /** The newest first. */
  list(): readonly Somebody[]
  /** On the first of these nodes. @returns what came of it, in a sentence */
  signUp(name: string, node: Node): Promise<string>
  /** The same name on two nodes at once. @returns what came of it */
  signUpTwice(name: string, nodes: readonly [Node, Node]): Promise<string>
  /** Everybody on every node. @returns what came of it */
  logInEverywhere(nodes: readonly Node[]): Promise<string>
}

/** What is tried of names that are taken, from other days; people that are remembered, and that log in at once. */
const mostTries = 30
const mostKept = 40
const mostLogins = 6

const passwordOf = (username: string): string => `the password of ${username}`

/** Does what a person would do with a browser, for those who watch. */
export const createPeople = (): People => {
  let all: readonly Somebody[] = []
  const remember = (username: string, password: string, signedUpOn: string): void => {
    all = [{ username, password, signedUpOn, logins: [] }, ...all].slice(0, mostKept)
  }
  return {
    list: () => all,
    signUp: async (name, node) => {
      const username = await firstFree(name, (each) => signUpOn(node, each, passwordOf(each)))
      if (username === undefined) return `Nobody could be signed up on ${node.name}`
      remember(username, passwordOf(username), node.name)
      return `${username} signed up on ${node.name}`
    },
    signUpTwice: async (name, [one, other]) => {
      const username = await firstFree(name, (each) => signUpOn(one, each, passwordOf(each)))
      if (username === undefined) return `Nobody could be signed up on ${one.name}`
      remember(username, passwordOf(username), one.name)
      const password = passwordOf(`the other ${username}`)
      const second = await signUpOn(other, username, password)
      if (second !== 'ok')
        return `${username} signed up on ${one.name}; on ${other.name} the name is ${second}`
      remember(username, password, other.name)
      return `${username} signed up on ${one.name}, and another ${username} on ${other.name}`
    },
    logInEverywhere: async (nodes) => {
      const tried = await Promise.all(
        all.slice(0, mostLogins).map(async (somebody) => ({
          ...somebody,
          logins: await Promise.all(
            nodes.map(async (node) => ({ node: node.name, isIn: await canLogIn(node, somebody) })),
          ),
        })),
      )
      all = [...tried, ...all.slice(mostLogins)]
      if (tried.length === 0) return 'Nobody to log in yet: sign somebody up'
      return tried
        .map(
          ({ username, logins }) =>
            `${username} on ${logins.filter(({ isIn }) => isIn).length} of ${logins.length}`,
        )
        .join(', ')
        .replace(/^/, 'Logged in: ')
    },
  }
}

type Outcome = 'ok' | 'taken' | 'refused'

/** ada, ada2, ada3 … */
const firstFree = async (
  name: string,
  signUp: (username: string) => Promise<Outcome>,
): Promise<string | undefined> => {
  for (let count = 1; count <= mostTries; count += 1) {
    const username = count === 1 ? name : `${name}${count}`
    const outcome = await signUp(username)
    if (outcome === 'ok') return username
    if (outcome === 'refused') return undefined
  }
  return undefined
}

const signUpOn = async (node: Node, username: string, password: string): Promise<Outcome> => {
  try {
    const { status } = await browser(node).submit('/signup', { username, password })
    if (status === 302) return 'ok'
    return status === 409 ? 'taken' : 'refused'
  } catch {
    return 'refused' // it does not answer
  }
}

const canLogIn = async (node: Node, { username, password }: Somebody): Promise<boolean> => {
  try {
    const { status } = await browser(node).submit('/', { username, password })
    return status === 302
  } catch {
    return false // it does not answer: nobody gets in there
  }
}
