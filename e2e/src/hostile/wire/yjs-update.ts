import { varUint } from './bytes.ts'

/** A Yjs update in V1 encoding that is nothing but deletions: of each client, so many from the first on. */
export const deletesUpdate = (ends: ReadonlyMap<number, number>): Uint8Array =>
  Uint8Array.from([
    ...varUint(0),
    ...varUint(ends.size),
    ...[...ends].flatMap(([client, end]) => [
      ...varUint(client),
      ...varUint(1),
      ...varUint(0),
      ...varUint(end),
    ]),
  ])
