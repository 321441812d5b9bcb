import { breather } from '../../shared/event-loop.ts'
import { limits } from '../../limits.ts'
import { nextDeletes, type DeletesPosition } from './delete-slice.ts'
import { nextSlice } from './slice.ts'
import { isEmpty } from './update.ts'
import type { Vector } from './vector.ts'
import type * as Y from 'yjs'
import type { Clock } from '@grapevine/std'

/**
 * All that a state vector lacks, then all deletes, as updates; the event loop gets its turn in between. What
 * changes meanwhile may be missing: whoever needs that too takes it from the document's events.
 */
export const updatesSince = async function* (
  doc: Y.Doc,
  vector: Vector,
  clock: Clock,
): AsyncGenerator<Uint8Array> {
  const breathe = breather(clock, limits.turn)
  const known = new Map(vector)
  for (let last = false; !last;) {
    const slice = nextSlice(doc, known, limits.slice)
    for (const [client, reached] of slice.reached) known.set(client, reached)
    last = slice.last
    if (!isEmpty(slice.update)) yield slice.update
    await breathe()
  }
  let from: DeletesPosition | undefined
  do {
    const { update, next } = nextDeletes(doc, from, limits.slice)
    from = next
    if (!isEmpty(update)) yield update
    await breathe()
  } while (from !== undefined)
}
