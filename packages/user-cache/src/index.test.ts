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
      "UnknownUserError",
      "UsernameTakenError",
      "accountIdOf",
      "createUserCache",
      "hydrate",
      "maxLineLength",
      "maxUsernameLength",
      "normaliseUsername",
      "purgeOrigin",
      "usersRoot",
      "writeThrough",
    ]
  `)
})
