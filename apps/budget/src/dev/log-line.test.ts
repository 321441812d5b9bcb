import { expect, test } from 'vitest'
import { logLine } from './log-line.ts'

test('an entry is shown as its message and its fields', () => {
  const raw = '{"level":30,"time":1,"node":"node-1","name":"node-2","msg":"member:up"}'
  expect(logLine(raw)).toBe('member:up name=node-2')
})

test('what is worse than information says so', () => {
  expect(logLine('{"level":40,"msg":"a peer was refused"}')).toBe('warning a peer was refused')
})

test('a peer id is shown by its end', () => {
  const id = `12D3KooW${'x'.repeat(38)}abcdef`
  expect(logLine(`{"level":30,"msg":"m","peer":"${id}"}`)).toBe('m peer=…abcdef')
})

test.each(['plain text', '{broken', '{"no":"message"}'])('%s is shown as it is', (raw) => {
  expect(logLine(raw)).toBe(raw)
})
