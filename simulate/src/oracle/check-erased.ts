import { appsOf, type Case } from './case.ts'

/** Nothing of whoever was told that they are erased is in a memory, or on a disk. */
export const checkErased = (given: Case): void => {
  const { world, findings, persons } = given
  for (const person of persons) {
    if (person.erased !== 'yes') continue
    for (const [node, app] of appsOf(given)) {
      const id = person.id ?? ''
      const isThere =
        app.users.get(id) !== undefined || person.names.some((name) => app.users.claimants(name).length > 0)
      if (isThere) findings.add('erased-still-there', `person ${person.number} is a user of ${node}`)
      if (app.facts.entries.set.of(id).some((key) => !key.includes('/!')))
        findings.add('erased-still-there', `entries of person ${person.number} on ${node}`)
      const { disk } = world.cluster.machine(node)
      for (const text of person.texts)
        for (const path of disk.paths)
          if (disk.content(path).includes(`${text}"`))
            findings.add('erased-still-there', `"${text}" of person ${person.number} in ${path} of ${node}`)
    }
  }
}
