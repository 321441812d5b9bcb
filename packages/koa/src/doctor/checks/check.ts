import type { Examination } from '../examination.ts'
import type { Finding } from '../finding.ts'

/** What one check finds; nothing when all is well. */
export type Check = (of: Examination) => readonly Omit<Finding, 'check'>[]
