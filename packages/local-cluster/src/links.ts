import { OptionError } from './errors.ts'

/** Two nodes, by name, that must not talk to each other, whichever way. The smaller name comes first. */
export type Link = readonly [string, string]

/** A fault on links as it was asked for. It is kept, not its links, so that it also covers nodes that come later. */
export type LinkFault =
  | { readonly kind: 'partition'; readonly groups: readonly (readonly string[])[] }
  | { readonly kind: 'isolate'; readonly node: string }
  | { readonly kind: 'cut'; readonly a: string; readonly b: string }

/** Every pair of nodes that some fault forbids, each once, in a stable order. */
export function forbiddenLinks(faults: readonly LinkFault[], nodes: readonly string[]): Link[] {
  const pairs = nodes.flatMap((a) => nodes.filter((b) => a < b).map((b): Link => [a, b]))
  const parts = faults.map((fault) => separation(fault))
  return pairs.filter(([a, b]) => parts.some((apart) => apart(a, b))).sort(byName)
}

/** The nodes that `node` must not talk to. */
export function forbiddenPeers(links: readonly Link[], node: string): string[] {
  return links.flatMap(([a, b]) => (a === node ? [b] : b === node ? [a] : []))
}

/** Checks that groups are a partition: no node in two of them. */
export function checkGroups(groups: readonly (readonly string[])[]): void {
  const named = groups.flat()
  const twice = named.find((name, position) => named.indexOf(name) !== position)
  if (twice !== undefined) throw new OptionError('groups', twice, 'each node in one group, named once')
}

function separation(fault: LinkFault): (a: string, b: string) => boolean {
  if (fault.kind === 'partition') {
    const groups = groupNumbers(fault.groups)
    return (a, b) => groups.get(a) !== groups.get(b)
  }
  if (fault.kind === 'isolate') return (a, b) => a === fault.node || b === fault.node
  return (a, b) => (a === fault.a && b === fault.b) || (a === fault.b && b === fault.a)
}

/** Nodes that no group names have no number, which makes them a further group. */
function groupNumbers(groups: readonly (readonly string[])[]): ReadonlyMap<string, number> {
  return new Map(groups.flatMap((group, number) => group.map((name): [string, number] => [name, number])))
}

function byName([a, b]: Link, [c, d]: Link): number {
  return a < c ? -1 : a > c ? 1 : b < d ? -1 : b > d ? 1 : 0
}
