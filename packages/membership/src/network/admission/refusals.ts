import type { Log } from '@grapevine/std'
import { limits } from '../../limits.ts'
import { oncePer } from '../../once-per.ts'
import type { RefusalReason } from './admitted-noise.ts'

/** One clear line for each refused peer, once a minute at most. */
export const logRefusals = (
  cluster: string,
  log: Log,
  now: () => number,
): ((peer: string, reason: RefusalReason, address: string | undefined) => void) => {
  const isFirst = oncePer(60_000, limits.strangers)
  return (peer, reason, address) => {
    if (!isFirst(peer, now())) return
    const who = address === undefined ? `…${peer.slice(-6)}` : `${address} (…${peer.slice(-6)})`
    log.warn({ peer, address, reason }, sentence[reason](who, cluster))
  }
}

const sentence: Readonly<Record<RefusalReason, (who: string, cluster: string) => string>> = {
  'wrong-secret': (who, cluster) =>
    `refused ${who}: its cluster name or secret differs from ours (name ${JSON.stringify(cluster)}). If it is one of yours, give both the same`,
  'not-allowed': (who) => `refused ${who}: it is not on the allow-list of this member (option \`allow\`)`,
  'not-allowed-there': (who) =>
    `${who} refused this member: it is not on the allow-list there (option \`allow\`)`,
}
