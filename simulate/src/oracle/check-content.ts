import { appsOf, type Case } from './case.ts'
import type { SimulatedApp } from '../instance/app.ts'

/** All nodes hold the same, read the same of it, and have what was acknowledged in the free document. */
export const checkContent = (given: Case): void => {
  const { findings, notes } = given
  const apps = appsOf(given)
  const [first] = apps
  if (first === undefined) return
  for (const [node, app] of apps) {
    if (!app.isReady()) findings.add('unavailable', `${node} is not ready: ${JSON.stringify(reasons(app))}`)
    for (const name of Object.keys(app.replicas))
      if (digestOf(app, name) !== digestOf(first[1], name))
        findings.add('diverged', `${name} of ${node} is not that of ${first[0]}`)
    const map = app.documents.notes.doc.getMap('notes')
    for (const [key, text] of notes) if (map.get(key) !== text) findings.add('lost', `note ${key} on ${node}`)
  }
}

const digestOf = (app: SimulatedApp, name: string): unknown => {
  const status = app.replicas[name]?.status()
  return status !== undefined && 'digest' in status ? status.digest : undefined
}

const reasons = (app: SimulatedApp): object => ({
  users: app.hasUsers(),
  may: app.mayBeReady(),
  replicas: Object.entries(app.replicas).map(([name, replica]) => {
    const { ready, storage } = replica.status()
    return [name, ready, storage]
  }),
})
