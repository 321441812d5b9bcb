import { expect, test } from 'vitest'
import { isOperator, operatorWarning } from './operators.ts'

const ada = 'YOVq8928Xw9njz6xoXz5zg'
const asks = (user: object | undefined, mode: 'development' | 'production' = 'production'): boolean =>
  isOperator({ mode, operators: [ada, 'bob'] })({ state: { user } } as never)

test('in production only those with the role, or whose id is given, may look', () => {
  expect(asks({ id: ada, username: 'ada', roles: [] })).toBe(true)
  expect(asks({ id: 'another', username: 'eve', roles: ['operator'] })).toBe(true)
  expect(asks({ id: 'another', username: 'ada', roles: [] })).toBe(false)
  expect(asks(undefined)).toBe(false)
})

test('field case operator-name: nobody is an operator for a name, whoever signed up first or took it', () => {
  expect(asks({ id: 'another', username: 'bob', claim: 'owner', roles: [] })).toBe(false)
  expect(operatorWarning([ada, 'bob'])).toContain('OPERATORS: bob is no account id')
  expect(operatorWarning([ada])).toBeUndefined()
})

test('in development everybody may', () => {
  expect(asks(undefined, 'development')).toBe(true)
})
