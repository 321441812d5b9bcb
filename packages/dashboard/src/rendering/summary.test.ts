import { expect, test } from 'vitest'
import { member, pictureOf } from '../testing/pictures.ts'
import { summaryOf } from './summary.ts'

const [one, two, three] = [member('node-1'), member('node-2'), member('node-3')]

test('all linked, all the same: all is well', () => {
  expect(summaryOf(pictureOf([one, two, three]))).toEqual({
    mood: 'well',
    headline: '3 members, all of them linked',
    detail: 'All hold the same.',
  })
})

test('a split names its sides, and says that there are two groups once there are', () => {
  const links: [string, string][] = [[two.id, three.id]]
  expect(summaryOf(pictureOf([three, one, two], { links }))).toMatchObject({
    mood: 'split',
    headline: 'Split in 2: node-2, node-3 | node-1',
    detail: expect.stringContaining('the same so far'),
  })
  const other = member('node-1', { digest: 'd2' })
  expect(summaryOf(pictureOf([other, two, three], { links })).detail).toContain('2 different truths')
})

test('members that reach each other only through a third are not split', () => {
  const links: [string, string][] = [
    [one.id, two.id],
    [two.id, three.id],
  ]
  expect(summaryOf(pictureOf([one, two, three], { links })).mood).toBe('well')
})

test('a member that is down is named; where most are, a cut is what it looks like', () => {
  const gone = member('node-2', { state: 'down', report: { kind: 'silent' } })
  const seenBy = (view: 'majority' | 'minority') => {
    const self = member('node-1', { report: { kind: 'answered', digest: 'd', view, users: 1 } })
    return summaryOf(pictureOf([self, gone], { links: [], observer: { kind: 'member', id: self.id } }))
  }
  expect(seenBy('majority')).toMatchObject({ mood: 'changing', headline: 'node-2 is down' })
  expect(seenBy('minority')).toMatchObject({ mood: 'split', headline: 'node-2 cannot be reached from here' })
})

test('linked, but not yet the same: catching up', () => {
  expect(summaryOf(pictureOf([one, member('node-2', { digest: 'd2' })]))).toMatchObject({
    mood: 'changing',
    headline: 'Catching up',
  })
})

test('one alone is told what to do next', () => {
  expect(summaryOf(pictureOf([one]))).toMatchObject({ mood: 'well', headline: 'One member, by itself' })
})
