import { expect, test } from 'vitest'
import * as api from './index.ts'

test('the package exports these names and no others', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "CacheClosedError",
      "InvalidExternalAccountError",
      "InvalidLineError",
      "InvalidPasswordHashError",
      "InvalidRoleError",
      "InvalidUsernameError",
      "NameUnconfirmedError",
      "TooManyChangesError",
      "UnknownUserError",
      "UsernameTakenError",
      "accountIdOf",
      "confirmed",
      "createUserCache",
      "decide",
      "exportVersion",
      "grantNames",
      "hydrate",
      "isEarlierClaim",
      "markFile",
      "maxLineLength",
      "maxUsernameLength",
      "mirrorDatabase",
      "normaliseUsername",
      "openRound",
      "unicodeVersion",
      "without",
      "writeThrough",
    ]
  `)
})
