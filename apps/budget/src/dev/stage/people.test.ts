import { expect, test } from 'vitest'
import { createPeople, type Node } from './people.ts'

/** An instance with accounts of its own; those of one side know the same. */
const instance = (name: string, accounts: Map<string, string>): Node => ({
  name,
  url: `http://${name}`,
  fetch: async (path, init) => {
    if (init?.method !== 'POST') {
      const form = `<form method="post" action="${path}"><input name="username"><input name="password"></form>`
      return new Response(form, { headers: { 'content-type': 'text/html' } })
    }
    const fields = init.body instanceof URLSearchParams ? init.body : new URLSearchParams()
    const [username, password] = [fields.get('username') ?? '', fields.get('password') ?? '']
    if (path === '/') return new Response('', { status: accounts.get(username) === password ? 302 : 401 })
    if (accounts.has(username)) return new Response('', { status: 409 })
    accounts.set(username, password)
    return new Response('', { status: 302, headers: { location: '/' } })
  },
})

const dead: Node = {
  name: 'node-3',
  url: 'http://node-3',
  fetch: async () => Promise.reject(new Error('refused')),
}

test('a name that is taken, from another day, is given a number', async () => {
  const people = createPeople()
  const node = instance('node-1', new Map([['ada', 'of another day']]))
  expect(await people.signUp('ada', node)).toBe('ada2 signed up on node-1')
})

test('log-ins are tried for everybody on every instance, and what came of each is kept', async () => {
  const people = createPeople()
  const [left, right] = [instance('node-1', new Map()), instance('node-2', new Map())]
  await people.signUp('ada', left)
  await people.signUp('bob', right)
  expect(await people.logInEverywhere([left, right, dead])).toBe('Logged in: bob on 1 of 3, ada on 1 of 3')
  expect(people.list()[0]?.logins).toEqual([
    { node: 'node-1', isIn: false },
    { node: 'node-2', isIn: true },
    { node: 'node-3', isIn: false },
  ])
})

test('the same name on both sides: two people, with passwords of their own; on one side it is taken', async () => {
  const people = createPeople()
  const [left, right] = [instance('node-1', new Map()), instance('node-2', new Map())]
  expect(await people.signUpTwice('eve', [left, right])).toBe(
    'eve signed up on node-1, and another eve on node-2',
  )
  expect(new Set(people.list().map(({ password }) => password)).size).toBe(2)
  const whole = new Map<string, string>()
  expect(
    await createPeople().signUpTwice('eve', [instance('node-1', whole), instance('node-2', whole)]),
  ).toBe('eve signed up on node-1; on node-2 the name is taken')
})

test('where nobody answers it says so', async () => {
  expect(await createPeople().signUp('ada', dead)).toBe('Nobody could be signed up on node-3')
  expect(await createPeople().logInEverywhere([dead])).toBe('Nobody to log in yet: sign somebody up')
})
