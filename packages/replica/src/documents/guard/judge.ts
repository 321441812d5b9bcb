import * as Y from 'yjs'
import { limits } from '../../limits.ts'
import { RefusedUpdateError } from '../../errors.ts'
import { RecordingDecoder } from '../update-codec/decoder.ts'
import { describe, rootNameOf, type Change, type Decoded } from './describe.ts'
import { hasGap } from './gap.ts'
import { scan } from './scan.ts'

export type Verdict = { readonly verdict: 'accept' } | { readonly verdict: 'refuse'; readonly reason: string }

/** The owner's judgement over a foreign change. It must change neither the document nor the values. */
export type Policy = (change: Change) => Verdict

/**
 * Holds a foreign V1 update against the bounds, then against what is here, then against the policy, without
 * applying it. `gap`: it builds on what has not arrived yet, and must not be applied now.
 *
 * @throws RefusedUpdateError with the reason
 */
export const judge = (doc: Y.Doc, update: Uint8Array, policy: Policy | undefined): 'apply' | 'gap' => {
  if (update.length > limits.update)
    throw new RefusedUpdateError(`update of ${update.length} bytes; allowed: up to ${limits.update}`)
  scan(update)
  const decoded = decode(update)
  checkKinds(doc, decoded)
  if (hasGap(doc, decoded)) return 'gap'
  const verdict = policy?.(describe(doc, decoded))
  if (verdict?.verdict === 'refuse') throw new RefusedUpdateError(verdict.reason)
  return 'apply'
}

const decode = (update: Uint8Array): Decoded => {
  try {
    return Y.decodeUpdateV2(update, RecordingDecoder)
  } catch (cause) {
    throw new RefusedUpdateError('not a Yjs update in V1 encoding', { cause })
  }
}

/** An item without a key in a map, or with one in a list, is never seen and never goes away. */
const checkKinds = (doc: Y.Doc, { structs }: Decoded): void => {
  for (const struct of structs) {
    const name = struct instanceof Y.Item ? rootNameOf(struct) : undefined
    if (!(struct instanceof Y.Item) || name === undefined) continue
    const root = doc.share.get(name)
    const isStray =
      root instanceof Y.Map ? struct.parentSub === null : root instanceof Y.Array && struct.parentSub !== null
    if (isStray) throw new RefusedUpdateError('an item of another kind than its root type')
  }
}
