import { expect, test } from 'vitest'
import { member, pictureOf, silent } from '../testing/pictures.ts'
import { createRecorder, mostReadings } from './series.ts'
import type { MemberPicture } from '../picture.ts'

const counting = (logins: number, lag = 0): MemberPicture =>
  member('node-1', { report: { kind: 'answered', digest: 'd', view: 'whole', users: 1, logins, lag } })

test('counters are told as rates between two readings; one that began anew, and silence, are gaps', () => {
  const recorder = createRecorder()
  const see = (at: number, shown: MemberPicture): void => recorder.observe({ ...pictureOf([shown]), at })
  see(0, counting(100))
  see(1_000, counting(104, 7))
  see(3_000, counting(105, 9))
  see(4_000, counting(0))
  see(5_000, silent('node-1'))
  see(6_000, counting(8))
  expect(recorder.of('id of node-1')).toMatchObject({
    logins: [4, 0.5, undefined, undefined, undefined],
    lag: [7, 9, 0, undefined, 0],
  })
})

test('it keeps so many readings, and none of members that are gone', () => {
  const recorder = createRecorder()
  for (let at = 0; at < 500; at += 1) recorder.observe({ ...pictureOf([counting(at)]), at })
  expect(recorder.of('id of node-1')?.lag).toHaveLength(mostReadings)
  recorder.observe(pictureOf([member('node-2')]))
  expect(recorder.of('id of node-1')).toBeUndefined()
})
