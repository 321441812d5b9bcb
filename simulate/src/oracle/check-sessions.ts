import { appsOf, type Case } from './case.ts'

/** A session that was ended is believed nowhere. */
export const checkSessions = async (given: Case): Promise<void> => {
  const { world, findings, persons } = given
  for (const person of persons) {
    for (const { browser, how } of person.ended) {
      for (const [node] of appsOf(given)) {
        const copy = browser.copy()
        const answer = await world.during(copy.send(world.instance(node), 'GET', '/me'))
        if (answer.status === 200)
          findings.add(
            'ended-session-valid',
            `person ${person.number}, ended by ${how}, is let in on ${node}`,
          )
      }
    }
  }
}
