import { expect, test } from 'vitest'
import { barOf, progress } from './progress.ts'

test('a bar is never wider than the terminal, and grows with the work', () => {
  for (const columns of [10, 20, 40, 80, 200]) {
    for (const done of [0, 1, 50, 100, 101])
      expect(barOf('imported', done, 100, columns).length).toBeLessThan(columns)
  }
  expect(barOf('imported', 50, 100, 80)).toContain(`50 % (50 of 100) ${'█'.repeat(20)}${'░'.repeat(20)}`)
  expect(barOf('exported', 50, undefined, 80)).toBe('exported 50')
})

test('nothing is drawn where nobody watches, and not more often than the eye can follow', () => {
  const said: string[] = []
  const say = (text: string): void => void said.push(text)
  progress({ say, columns: undefined }, 'x', 1).show(1)
  expect(said).toEqual([])
  let time = 0
  const bar = progress({ say, columns: 40 }, 'x', 100, () => (time += 10))
  for (let done = 0; done < 100; done += 1) bar.show(done)
  expect(said.length).toBeLessThan(30)
  bar.end()
  expect(said.at(-1)).toMatch(/^\r +\r$/)
})
