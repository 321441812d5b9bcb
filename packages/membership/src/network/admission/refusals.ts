import type { Log } from '@grapevine/std'
import { limits } from '../../limits.ts'
import { oncePer } from '../../once-per.ts'
import type { RefusalReason } from './admitted-noise.ts'

/** One clear line for each refused peer, once a minute at most. */
export const logRefusals = (
  cluster: string,
  log: Log,
  now: () => number,
): ((peer: string, reason: RefusalReason) => void) => {
  const isFirst = oncePer(60_000, limits.strangers)
  return (peer, reason) => {
    if (isFirst(peer, now())) log.warn({ peer, reason }, sentence[reason](cluster))
  }
}

const sentence: Readonly<Record<RefusalReason, (cluster: string) => string>> = {
  'wrong-secret': (cluster) => `refused a peer: it does not know the name and secret of cluster "${cluster}"`,
  'not-allowed': () => 'refused a peer: it is not on the allow-list of this member (option `allow`)',
  'not-allowed-there': () => 'refused by a peer: this member is not on its allow-list (option `allow`)',
}
