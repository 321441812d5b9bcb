import { expect, test } from 'vitest'
import { controlPage, type Stage } from './control-page.ts'

const stage: Stage = {
  nodes: ['node-1', 'node-2', 'node-3'].map((name, index) => ({
    name,
    url: `http://127.0.0.1:${4001 + index}`,
    state: { kind: 'running' },
  })),
  sides: { left: ['node-1'], right: ['node-2', 'node-3'], isCut: false },
  people: [],
  said: undefined,
  canReplay: false,
}
const framed = { title: 'Cluster', body: '<div>live</div>', styleUrl: '/s.css', scriptUrl: '/s.js' }
const actionsOf = (shown: Stage): readonly string[] =>
  [...controlPage(shown, framed).matchAll(/action="\/([a-z-]+)"/g)].map(([, action]) => action ?? '')

test('there is a button to heal only when something is cut, and one to replay only when there is something', () => {
  expect(actionsOf(stage)).toContain('split')
  expect(actionsOf(stage)).not.toContain('heal')
  expect(actionsOf(stage)).not.toContain('replay')
  const cut = actionsOf({ ...stage, sides: { ...stage.sides, isCut: true }, canReplay: true })
  expect(cut).toContain('heal')
  expect(cut).not.toContain('split')
  expect(cut).toContain('replay')
})

test('each instance is linked to under a host of its own, so that one browser has a cookie for each', () => {
  const hosts = [...controlPage(stage, framed).matchAll(/href="http:\/\/([^"]+)"/g)].map(([, host]) => host)
  expect(new Set(hosts)).toEqual(
    new Set(['node-1.localhost:4001', 'node-2.localhost:4002', 'node-3.localhost:4003']),
  )
})

test('it says who got in where, and what was not tried', () => {
  const logins = [
    { node: 'node-1', isIn: true },
    { node: 'node-2', isIn: false },
  ]
  const people = [{ username: 'ada', password: 'p', signedUpOn: 'node-1', logins }]
  const markup = controlPage({ ...stage, people }, framed)
  expect([...markup.matchAll(/<td[^>]*>([^<]*)<\/td>/g)].map(([, cell]) => cell)).toEqual([
    'node-1',
    '✓ in',
    '✗ not in',
    'not tried',
  ])
})
