import { expect, test } from 'vitest'
import { alone, member, typesOf } from '../testing/lone-member.ts'
import { inEachSeed } from '../testing/simulated-world.ts'
import { viewOf } from './roster/view.ts'
import type { SimulatedMember } from '../testing/simulated-cluster.ts'

const viewAt = ({ state }: SimulatedMember): string =>
  viewOf([state.self, ...[...state.peers.values()].map((peer) => peer.member)])

test('N4: five that are killed and replaced one by one with empty disks leave every view within a minute', () => {
  inEachSeed(25, {}, ({ cluster, clock, random }) => {
    for (let number = 1; number <= 5; number += 1)
      cluster.start(`old${number}`, number === 1 ? [] : ['old1'], { name: `node-${number}` })
    clock.advance(5_000)
    for (let number = 1; number <= 5; number += 1) {
      cluster.find(`old${number}`)?.host.crash()
      clock.advance(500 + 5_000 * random())
      const known = cluster.live().map(({ id }) => id)
      cluster.start(`new${number}`, known, { name: `node-${number}` })
      clock.advance(500 + 3_000 * random())
    }
    clock.advance(60_000)
    expect(cluster.live().map(viewAt)).toEqual(cluster.live().map(() => 'whole'))
  })
})

test('a namesake that was there before is no replacement: whoever is missing stays missing', () => {
  inEachSeed(10, {}, ({ cluster, clock }) => {
    for (const id of ['a', 'b', 'c']) cluster.start(id, ['a'], { name: 'app' })
    clock.advance(30_000)
    cluster.find('b')?.host.crash()
    clock.advance(60_000)
    expect(cluster.live().map(viewAt)).toEqual(['majority', 'majority'])
  })
})

test('whom an operator forgets has left for all; who comes back is a member again', () => {
  inEachSeed(10, {}, ({ cluster, clock }) => {
    cluster.startMany(4)
    clock.advance(5_000)
    cluster.find('n4')?.host.crash()
    clock.advance(8_000)
    expect(cluster.live().map(viewAt)).toEqual(['majority', 'majority', 'majority'])
    cluster.find('n1')?.input({ type: 'forget', id: 'n4' })
    clock.advance(3_000)
    expect(cluster.live().map(viewAt)).toEqual(['whole', 'whole', 'whole'])
    cluster.start('n4', ['n1'])
    clock.advance(5_000)
    expect(cluster.live().map(({ state }) => state.reachable.size)).toEqual([3, 3, 3, 3])
  })
})

test('one that is not down cannot be forgotten', () => {
  const self = alone()
  self.tell(member('x'))
  expect(typesOf(self.input({ type: 'forget', id: 'x' }))).toEqual([])
  expect(self.state.peers.get('x')?.member.state).toBe('alive')
})

test('whoever is remembered from the disk, and left meanwhile, is missed no longer', () => {
  const self = alone([member('x', { incarnation: 5 }), member('y', { incarnation: 5 })])
  self.tell(member('x', { state: 'left', incarnation: 6 }), member('y', { state: 'left', incarnation: 4 }))
  expect([...self.state.remembered.keys()]).toEqual(['y'])
})
