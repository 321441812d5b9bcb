import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createNodeLog } from './node-log.ts'

test('lines do not depend on how the stream was cut into chunks', () => {
  const line = fc.string({ unit: fc.constantFrom('a', 'b', ' ') })
  fc.assert(
    fc.property(fc.array(line), fc.infiniteStream(fc.integer({ min: 1, max: 5 })), (lines, sizes) => {
      const log = createNodeLog(1_000)
      const stream = log.stream()
      let text = lines.map((each) => `${each}\n`).join('')
      while (text !== '') {
        const size = sizes.next().value ?? 1
        stream.write(text.slice(0, size))
        text = text.slice(size)
      }
      expect(log.lines()).toEqual(lines)
    }),
  )
})

test('only the newest lines are kept', () => {
  const log = createNodeLog(3)
  for (let number = 1; number <= 20; number++) log.add(String(number))
  expect(log.lines()).toEqual(['18', '19', '20'])
})

test('two streams do not mix within a line, and the end of a stream ends its line', () => {
  const log = createNodeLog(10)
  const [out, err] = [log.stream(), log.stream()]
  out.write('o')
  err.write('e')
  out.end()
  err.end()
  expect(log.lines()).toEqual(['o', 'e'])
})

test('a line that never ends is cut', () => {
  const log = createNodeLog(10)
  const stream = log.stream()
  for (let chunk = 0; chunk < 100; chunk++) stream.write('x'.repeat(1_000))
  stream.end()
  expect(log.lines().map((line) => line.length)).toEqual([8_193])
})
