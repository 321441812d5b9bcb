import { hashOf } from '../instance/simulated-hasher.ts'
import { appsOf, type Case } from './case.ts'
import type { Answer, Browser } from '../clients/browser.ts'

const newcomer = { username: 'newcomer', password: 'the first secret is long' }
const changed = 'the second secret is long'

/** With nothing wrong any more everything works, at once and everywhere. */
export const checkQuiet = async (given: Case): Promise<void> => {
  const { world, findings } = given
  const nodes = appsOf(given).map(([node]) => node)
  const [first = '', second = ''] = nodes
  const browsers = new Map(nodes.map((node) => [node, world.browser('192.0.2.200')]))
  const post = (browser: Browser, node: string, path: string, fields: Readonly<Record<string, string>>) =>
    world.during(browser.send(world.instance(node), 'POST', path, fields))
  const expectStatus = (what: string, { status, body }: Answer, wanted: number): void => {
    if (status !== wanted)
      findings.add('unavailable', `after the quiet ${what}: ${status} ${JSON.stringify(body)}`)
  }
  expectStatus(
    `sign-up on ${first}`,
    await post(world.browser('192.0.2.200'), first, '/signup', newcomer),
    201,
  )
  for (const [node, browser] of browsers)
    expectStatus(`log-in on ${node}`, await post(browser, node, '/', newcomer), 200)
  const change = { password: newcomer.password, newPassword: changed }
  const changer = browsers.get(second)
  if (changer === undefined) return
  expectStatus(`password on ${second}`, await post(changer, second, '/account/password', change), 200)
  for (const [node, browser] of browsers) {
    const answer = await world.during(browser.send(world.instance(node), 'GET', '/me'))
    if (browser !== changer) expectStatus(`an ended session on ${node}`, answer, 401)
    const anew = await post(world.browser('192.0.2.201'), node, '/', { ...newcomer, password: changed })
    expectStatus(`log-in with the new password on ${node}`, anew, 200)
  }
  for (const person of given.persons) {
    if (person.signedUp !== 'yes' || person.erased !== 'no') continue
    await checkLogIn(given, person, nodes)
  }
}

/** People come in on every node with what they chose. */
const checkLogIn = async (
  { world, findings }: Case,
  person: Case['persons'][number],
  nodes: readonly string[],
): Promise<void> => {
  const account =
    person.id === undefined ? undefined : world.instance(nodes[0] ?? '')?.app.users.get(person.id)
  if (account === undefined) return
  const password = person.passwords.find((one) => hashOf(one) === account.passwordHash) ?? ''
  for (const node of nodes) {
    const browser = world.browser(`192.0.2.${100 + person.number}`)
    const fields = { username: account.username, password }
    const answer = await world.during(browser.send(world.instance(node), 'POST', '/', fields))
    if (answer.status !== 200)
      findings.add(
        'unavailable',
        `person ${person.number} is not let in on ${node}: ${JSON.stringify(answer)}`,
      )
  }
}
