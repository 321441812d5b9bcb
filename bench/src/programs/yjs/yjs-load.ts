import { readFile } from 'node:fs/promises'
import * as Y from 'yjs'
import { monotonic } from '../../clock.ts'
import { serve } from '../../processes/serve.ts'
import { liveBytes } from '../live-bytes.ts'

/** Loads a document from a file with Yjs alone. Needs `--expose-gc`. */
export interface YjsLoadCalls {
  load(file: string): Promise<{ readonly milliseconds: number; readonly bytes: number }>
}

serve<YjsLoadCalls>({
  load: async (file) => {
    const before = liveBytes()
    const begun = monotonic()
    const doc = new Y.Doc()
    Y.applyUpdate(doc, await readFile(file))
    const milliseconds = monotonic() - begun
    const bytes = liveBytes() - before
    // Used after it was weighed, or it might have been collected before.
    if (doc.getMap('users').size === 0) throw new Error('an empty document was weighed')
    return { milliseconds, bytes }
  },
})
