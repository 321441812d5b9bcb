import { authenticatedRequests } from './authenticated-requests.ts'
import { healDifference } from './heal-difference.ts'
import { healDisjoint } from './heal-disjoint.ts'
import { idle } from './idle.ts'
import { lookUp } from './look-up.ts'
import { memory } from './memory.ts'
import { processStart } from './process-start.ts'
import { requestsWhileHashing } from './requests-while-hashing.ts'
import { signUp } from './sign-up.ts'
import { start } from './start.ts'
import { visibility } from './visibility.ts'
import type { Measurement } from '../measurement.ts'

/** All measurements, in the order of the table. */
export const measurements: readonly Measurement[] = [
  authenticatedRequests,
  requestsWhileHashing,
  signUp,
  visibility,
  healDifference,
  healDisjoint,
  lookUp,
  start,
  processStart,
  idle,
  memory,
]
