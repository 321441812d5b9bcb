import { expect, test } from 'vitest'
import { logLine } from './log-line.ts'

test('an entry is shown as its message and its fields', () => {
  const time = new Date(2026, 0, 2, 3, 4, 5).getTime()
  const raw = `{"level":30,"time":${time},"node":"node-1","name":"node-2","msg":"member:up"}`
  expect(logLine(raw)).toBe('03:04:05 member:up name=node-2')
})

test('what is worse than information says so', () => {
  expect(logLine('{"level":40,"msg":"a peer was refused"}')).toBe('warning: a peer was refused')
})

test('what happened at the door is told in words, once', () => {
  const audit = {
    type: 'login-refused',
    reason: 'no-match',
    userIds: ['YOVqabcdefgh'],
    at: 1,
    ip: '127.0.0.1',
  }
  expect(logLine(JSON.stringify({ level: 30, requestId: '78cb', audit, msg: 'login-refused' }))).toBe(
    'login refused: wrong username or password (user YOVqabcd, from 127.0.0.1)',
  )
})

test('a peer id is shown by its end', () => {
  const id = `12D3KooW${'x'.repeat(38)}abcdef`
  expect(logLine(`{"level":30,"msg":"m","peer":"${id}"}`)).toBe('m peer=…abcdef')
})

test.each(['plain text', '{broken', '{"no":"message"}'])('%s is shown as it is', (raw) => {
  expect(logLine(raw)).toBe(raw)
})
