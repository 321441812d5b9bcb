import { expect, test } from 'vitest'
import * as api from './index.ts'

test('the package exports these names and no others', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "CacheClosedError",
      "ClockOutOfRangeError",
      "InvalidExternalAccountError",
      "InvalidLineError",
      "InvalidPasswordHashError",
      "InvalidUsernameError",
      "MAX_LINE_LENGTH",
      "MAX_USERNAME_LENGTH",
      "PURGE_ORIGIN",
      "USERS_ROOT",
      "UnknownUserError",
      "UsernameTakenError",
      "accountIdOf",
      "createUserCache",
      "hydrate",
      "normaliseUsername",
      "writeThrough",
    ]
  `)
})
