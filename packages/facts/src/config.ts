import { callback, check, errorOf, checkOptions as checked, orElse, textLike } from '@grapevine/std'
import type { Checks } from '@grapevine/std'
import type * as Y from 'yjs'

export interface FactSetOptions {
  /**
   * The document that shows the set. Its `gc` must be on, as it is by default: without it Yjs keeps what is deleted, and
   * so the texts of those who were erased.
   */
  readonly doc: Y.Doc
  /** The root map that the facts lie in: 1 to 64 letters, digits, `.`, `_`, `-`. */
  readonly root: string
  /**
   * Runs work a little later, so that an erasure of very many facts does not hold the event loop.
   * @default setImmediate
   */
  readonly later?: (work: () => void) => void
  /** Gets what a listener throws; the set goes on. @default process.emitWarning */
  readonly onListenerError?: (error: unknown) => void
}

const warn = (error: unknown): void => process.emitWarning(errorOf(error))

const isDocument = (value: unknown): value is Y.Doc =>
  typeof value === 'object' && value !== null && Reflect.get(value, 'gc') === true

const checks = {
  doc: check(isDocument, 'a Y.Doc whose gc is on'),
  root: textLike(/^[\w.-]{1,64}$/, '1 to 64 letters, digits, ".", "_" or "-"'),
  later: orElse(callback<(work: () => void) => void>(), (work) => void setImmediate(work)),
  onListenerError: orElse(callback<(error: unknown) => void>(), warn),
} satisfies Checks<FactSetOptions>

/** The options, complete with their defaults. @throws InvalidOptionError */
export const checkOptions = (options: FactSetOptions): Required<FactSetOptions> => checked(options, checks)
