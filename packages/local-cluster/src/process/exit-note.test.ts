import { expect, test } from 'vitest'
import { exitNote, type ProcessExit } from './exit-note.ts'

const code = (number: number): ProcessExit => ({ code: number, signal: null })
const by = (signal: NodeJS.Signals): ProcessExit => ({ code: null, signal })

test.each<[string, ProcessExit, NodeJS.Signals[], string | undefined]>([
  ['a crash', code(1), [], 'it ended by itself, with code 1'],
  ['an end that nobody asked for, though it looks well', code(0), [], 'it ended by itself, with code 0'],
  ['a fault of memory', by('SIGSEGV'), [], 'it ended by itself, by SIGSEGV'],
  ["somebody else's signal", by('SIGKILL'), [], 'it ended by itself, by SIGKILL'],
  ['a crash just before it would have been killed', code(1), ['SIGKILL'], 'it ended by itself, with code 1'],
  ['a stop that went well', code(0), ['SIGTERM'], undefined],
  ['a program without a handler', by('SIGTERM'), ['SIGTERM'], undefined],
  ['a stop that failed', code(3), ['SIGTERM'], 'told to stop, it ended with code 3'],
  ['a crash while stopping', by('SIGSEGV'), ['SIGTERM'], 'told to stop, it ended by SIGSEGV'],
  ['a stop that was too slow, which is said elsewhere', by('SIGKILL'), ['SIGTERM', 'SIGKILL'], undefined],
  ['a kill', by('SIGKILL'), ['SIGKILL'], undefined],
])('%s', (_what, exit, sent, said) => {
  expect(exitNote(exit, new Set(sent))).toBe(said === undefined ? undefined : `[local-cluster] ${said}`)
})
