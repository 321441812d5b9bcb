import { browser, type Browser, type Cluster } from '@grapevine/local-cluster'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startBudget, status } from './cluster/budget-cluster.ts'
import { logInAtOnce, person, signUp } from './people/person.ts'
import { seededRandom } from './cluster/seeded-random.ts'

let cluster: Cluster
beforeAll(async () => {
  cluster = await startBudget(3)
})
afterAll(() => cluster.stop())

describe('story 1: login authenticates the user regardless of the node', () => {
  const ada = person('ada')
  let onOne: Browser

  test('step 1: the sign-up page is there', async () => {
    onOne = browser(cluster.node('node-1'))
    expect((await onOne.get('/signup')).status).toBe(200)
  })

  test('step 2: a sign-up leads to the login page and logs nobody in', async () => {
    const answer = await onOne.submit('/signup', { ...ada })
    expect([answer.status, answer.location]).toEqual([302, '/'])
  })

  test('step 3: the budget leads to the login page', async () => {
    const answer = await onOne.get('/budget')
    expect([answer.status, answer.location]).toEqual([302, '/'])
  })

  test('step 4: the right password leads to the remembered path', async () => {
    const answer = await onOne.submit('/', { ...ada })
    expect([answer.status, answer.location]).toEqual([302, '/budget'])
  })

  test('step 5: the budget is shown', async () => {
    const page = await onOne.get('/budget')
    expect(page.status).toBe(200)
    expect(page.text).toContain('ada')
  })

  test('steps 6 to 8: on another node, with fresh cookies, at once', async () => {
    const onTwo = browser(cluster.node('node-2'))
    expect((await onTwo.get('/budget')).status).toBe(302)
    expect((await onTwo.submit('/', { ...ada })).status).toBe(302)
    expect((await onTwo.get('/budget')).status).toBe(200)
  })

  test('a cookie of node 1 is honoured by node 2 as it is', async () => {
    expect((await onOne.at(cluster.node('node-2')).get('/budget')).status).toBe(200)
  })

  test('a wrong password shows the form again, with the same words as an unknown name', async () => {
    const wrong = await browser(cluster.node('node-2')).submit('/', { ...ada, password: 'not the password' })
    const unknown = await browser(cluster.node('node-2')).submit('/', { ...person('nobody') })
    expect([wrong.status, unknown.status]).toEqual([200, 200])
    const words = (page: typeof wrong): string | undefined =>
      page.html.querySelector('[role=alert]')?.text.trim()
    expect(words(wrong)).toBeTruthy()
    expect(words(wrong)).toBe(words(unknown))
  })

  test('a form without its token is refused', async () => {
    const visitor = browser(cluster.node('node-1'))
    await visitor.get('/signup')
    expect((await visitor.post('/signup', { ...person('forged') })).status).toBe(403)
  })

  test('after a log-out the session is dead on every node, also for a copy of its cookie', async () => {
    const copy = await onOne.jar.clone()
    const answer = await onOne.submit('/budget', {}, { action: '/logout' })
    expect(answer.status).toBe(302)
    for (const node of cluster.nodes) {
      expect((await browser(node, copy).get('/budget')).status, node.name).toBe(302)
    }
  })
})

test('200 of 200 people who sign up on a random node log in on another one at once', async () => {
  const random = seededRandom()
  for (let index = 0; index < 200; index += 1) {
    const who = person(`person-${index}`)
    const [one, other] = random.twoOf(cluster.nodes)
    await signUp(one, who)
    await logInAtOnce(other, who)
  }
  const counts = await Promise.all(cluster.nodes.map(async (node) => (await status(node)).users))
  expect(counts).toEqual([201, 201, 201])
})
