import { expect, test } from 'vitest'
import { isOperator } from './operators.ts'

const asks = (user: object | undefined, mode: 'development' | 'production' = 'production'): boolean =>
  isOperator({ mode, operators: ['ada'] })({ state: { user } } as never)

test('in production only those who are named may look, and of a contested name only its owner', () => {
  expect(asks({ username: 'Ada', claim: 'sole' })).toBe(true)
  expect(asks({ username: 'ada', claim: 'owner' })).toBe(true)
  expect(asks({ username: 'ada', claim: 'loser' })).toBe(false)
  expect(asks({ username: 'bob', claim: 'sole' })).toBe(false)
  expect(asks(undefined)).toBe(false)
})

test('in development everybody may', () => {
  expect(asks(undefined, 'development')).toBe(true)
})
