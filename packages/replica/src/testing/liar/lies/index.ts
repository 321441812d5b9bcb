import { contents } from './contents.ts'
import { exchanges } from './exchanges.ts'
import { malformedLies } from './malformed.ts'
import { silence } from './silence.ts'
import { trees } from './trees.ts'
import type { Lie } from '../lie.ts'

/** All lies, each small and named. */
export const lies: readonly Lie[] = [...contents, ...exchanges, ...trees, ...silence, ...malformedLies]
