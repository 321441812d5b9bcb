/** The example of the README, compiled and run. A second test holds the two texts together. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
// example
import { createUserCache } from './index.ts'
import * as Y from 'yjs'

function example() {
  const [left, right] = [new Y.Doc(), new Y.Doc()]
  const berlin = createUserCache({ doc: left, nodeId: 'berlin' })
  const paris = createUserCache({ doc: right, nodeId: 'paris' })
  paris.on('name:contested', ({ name, claimants }) => console.log(`${claimants.length} claim ${name}`))

  // Two people sign up the same name on both sides of a split …
  const passwordHash = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNo'
  berlin.register({ username: 'Ada', passwordHash })
  paris.register({ username: 'ada', passwordHash })

  // … and the split heals. Any transport will do; `@grapevine/replica` is one.
  Y.applyUpdate(right, Y.encodeStateAsUpdate(left))
  Y.applyUpdate(left, Y.encodeStateAsUpdate(right))

  return { berlin: berlin.claimants('ADA'), paris: paris.claimants('ADA') }
}
// end of example

test('both accounts exist on both nodes, with the same owner of the name', () => {
  const { berlin, paris } = example()
  expect(berlin).toEqual(paris)
  expect(berlin.map(({ claim }) => claim)).toEqual(['owner', 'loser'])
})

test('the README shows this example', () => {
  const source = readFileSync(new URL('example.test.ts', import.meta.url), 'utf8')
  const shown = source.split(/\/\/ (?:end of )?example\n/)[1]?.replace('./index.ts', '@grapevine/user-cache')
  expect(readFileSync(new URL('../README.md', import.meta.url), 'utf8')).toContain(shown)
})
