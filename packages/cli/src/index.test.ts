import { expect, test } from 'vitest'
import * as api from './index.ts'

test('these names are the public interface', () => {
  expect(Object.keys(api).sort()).toEqual([
    'BrokenAnswerError',
    'FileError',
    'NoNodeError',
    'NodeRefusedError',
    'UsageError',
    'run',
  ])
})

test('the example of the package comment runs', async () => {
  const written: string[] = []
  const exitCode = await api.run(['secret', 'new'], {
    env: {},
    cwd: '/srv/app',
    write: async (text) => void written.push(text),
    say: (text) => void written.push(text),
    columns: undefined,
    input: process.stdin,
  })
  expect([exitCode, written.length]).toEqual([0, 1])
})
