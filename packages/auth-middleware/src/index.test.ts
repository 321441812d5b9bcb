import { expect, test } from 'vitest'
import * as everything from './index.ts'

test('the package exports these names and no others', () => {
  expect(Object.keys(everything).sort()).toEqual([
    'InvalidOptionError',
    'InvalidPasswordError',
    'MissingAuthenticationError',
    'MissingSessionsError',
    'OverloadedError',
    'UnknownAccountError',
    'antiForgery',
    'antiForgeryToken',
    'authentication',
    'authorize',
    'changePassword',
    'checkPassword',
    'clusterAttempts',
    'deriveSessionKeys',
    'endOtherSessions',
    'endSession',
    'eraseAccount',
    'form',
    'login',
    'logout',
    'memoryAttempts',
    'memoryLedger',
    'onSplit',
    'openSession',
    'passwordHasher',
    'readyGate',
    'rename',
    'requireUser',
    'safeReturnPath',
    'sessions',
    'signUp',
    'staleForm',
  ])
})
