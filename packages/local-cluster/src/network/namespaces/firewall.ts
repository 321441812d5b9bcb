import type { LinkRule } from '../../faults/links.ts'

/**
 * The table that a node's namespace must have, for `iptables-restore`, which puts it in the old one's place at once.
 * Packets are dropped where they arrive: to the sender they are lost without a word, as on a broken wire.
 */
export const firewallOf = (
  node: string,
  rules: readonly LinkRule[],
  addressOf: (node: string) => string,
): string => {
  const lines = rules.filter(({ to }) => to === node).flatMap((rule) => dropping(rule, addressOf(rule.from)))
  return ['*filter', ':INPUT ACCEPT', ':FORWARD ACCEPT', ':OUTPUT ACCEPT', ...lines, 'COMMIT', ''].join('\n')
}

const dropping = ({ effect }: LinkRule, source: string): string[] => {
  if (effect.kind === 'cut') return [`-A INPUT -s ${source} -j DROP`]
  if (effect.kind !== 'lose') return []
  return [`-A INPUT -s ${source} -m statistic --mode random --probability ${effect.share.toFixed(6)} -j DROP`]
}

/** How fast a node may send to each other node that a rule names, in bits per second; the slowest rule counts. */
export const ratesOf = (node: string, rules: readonly LinkRule[]): ReadonlyMap<string, number> => {
  const rates = new Map<string, number>()
  for (const { from, to, effect } of rules) {
    if (from !== node || effect.kind !== 'slow' || effect.bitsPerSecond === undefined) continue
    rates.set(to, Math.min(rates.get(to) ?? Infinity, effect.bitsPerSecond))
  }
  return rates
}
