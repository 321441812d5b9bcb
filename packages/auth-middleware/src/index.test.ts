import { expect, test } from 'vitest'
import * as everything from './index.ts'

test('the package exports these names and no others', () => {
  expect(Object.keys(everything).sort()).toEqual([
    'InvalidOptionError',
    'InvalidPasswordError',
    'MissingSessionsError',
    'OverloadedError',
    'antiForgery',
    'antiForgeryToken',
    'authentication',
    'checkPassword',
    'deriveSessionKeys',
    'form',
    'login',
    'logout',
    'memoryLedger',
    'passwordHasher',
    'requireUser',
    'safeReturnPath',
    'sessions',
    'signUp',
  ])
})
