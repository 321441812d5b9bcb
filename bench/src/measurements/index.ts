import { authenticatedRequests } from './http/authenticated-requests.ts'
import { healDifference } from './cluster/heal-difference.ts'
import { healDisjoint } from './cluster/heal-disjoint.ts'
import { idle } from './cluster/idle.ts'
import { lookUp } from './http/look-up.ts'
import { memory } from './http/memory.ts'
import { processStart } from './start/process-start.ts'
import { requestsWhileHashing } from './http/requests-while-hashing.ts'
import { signUp } from './cluster/sign-up.ts'
import { start } from './start/start.ts'
import { visibility } from './cluster/visibility.ts'
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
