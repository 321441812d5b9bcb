import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { watchEdits } from './edits.ts'

let folder: string
let edits: (readonly string[])[]
let end: () => void

beforeEach(() => {
  vi.useFakeTimers()
  folder = mkdtempSync(join(tmpdir(), 'edits-'))
  writeFileSync(join(folder, 'a.ts'), 'one')
  edits = []
  end = watchEdits([folder], {
    interval: 500,
    isSource: (path) => path.endsWith('.ts'),
    onEdit: (paths) => edits.push(paths.map((path) => path.slice(folder.length + 1))),
  })
})
afterEach(() => {
  end()
  vi.useRealTimers()
  rmSync(folder, { recursive: true })
})

const look = (): readonly (readonly string[])[] => {
  vi.advanceTimersByTime(500)
  return edits.splice(0)
}

test('an edit is noticed, once, also of a file that editors save by renaming', () => {
  expect(look()).toEqual([])
  for (const text of ['two', 'three!', 'four']) {
    writeFileSync(join(folder, 'a.ts~'), text)
    renameSync(join(folder, 'a.ts~'), join(folder, 'a.ts'))
    expect(look()).toEqual([['a.ts']])
    expect(look()).toEqual([])
  }
})

test('what comes and goes is noticed, also in a new folder; what is no source is not', () => {
  mkdirSync(join(folder, 'b'))
  writeFileSync(join(folder, 'b/c.ts'), '')
  writeFileSync(join(folder, 'b/c.txt'), '')
  expect(look()).toEqual([[join('b', 'c.ts')]])
  rmSync(join(folder, 'b'), { recursive: true })
  expect(look()).toEqual([[join('b', 'c.ts')]])
})

test('nothing is looked at after the end', () => {
  end()
  writeFileSync(join(folder, 'a.ts'), 'longer than before')
  expect(look()).toEqual([])
})
