/** What is done to what one node sends to another. */
import { InvalidOptionError, shown } from '@grapevine/std'
export type LinkEffect =
  | { readonly kind: 'cut' }
  /** Packets are lost at random: `share` of them, above 0 and at most 1. */
  | { readonly kind: 'lose'; readonly share: number }
  | {
      readonly kind: 'slow'
      readonly bitsPerSecond?: number | undefined
      readonly delayMs?: number | undefined
    }
  /** In `share` of the chunks one bit is flipped. */
  | { readonly kind: 'corrupt'; readonly share: number }
  /** `share` of the chunks are held back until the next has passed. */
  | { readonly kind: 'reorder'; readonly share: number }

/** One direction between two nodes, by name, and what is done to it. */
export interface LinkRule {
  readonly from: string
  readonly to: string
  readonly effect: LinkEffect
}

/** Some links: all links, all of one node, or the one between two. */
export type Links =
  | { readonly of: 'all' }
  | { readonly of: 'node'; readonly node: string }
  | { readonly of: 'pair'; readonly a: string; readonly b: string }

/** A fault on links as it was asked for. It is kept, not its rules, so that it also covers nodes that come later. */
export type LinkFault =
  | { readonly kind: 'partition'; readonly groups: readonly (readonly string[])[] }
  | { readonly kind: 'bridge'; readonly groups: readonly (readonly string[])[] }
  | { readonly kind: 'ring' }
  | { readonly kind: 'cut-one-way'; readonly from: string; readonly to: string }
  | { readonly kind: 'links'; readonly links: Links; readonly effect: LinkEffect }

/** Every rule that the faults amount to. A direction that is cut has no other rule. */
export const linkRules = (faults: readonly LinkFault[], nodes: readonly string[]): LinkRule[] => {
  const pairs = nodes.flatMap((from) => nodes.filter((to) => to !== from).map((to) => ({ from, to })))
  const effects = faults.map((fault) => effectOf(fault, nodes))
  return pairs.flatMap(({ from, to }) => {
    const here = effects.flatMap((effect) => effect(from, to) ?? [])
    const cut = here.find(({ kind }) => kind === 'cut')
    return (cut === undefined ? here : [cut]).map((effect) => ({ from, to, effect }))
  })
}

/** @throws InvalidOptionError if groups name nobody: what is not named is one side, and nothing would be cut or everything */
export const checkNamed = (groups: readonly (readonly string[])[]): void => {
  if (groups.every((group) => group.length === 0))
    throw new InvalidOptionError('groups', 'without a node', 'at least one group with a node in it')
}

/** @throws InvalidOptionError unless these are two nodes */
export const checkPair = (a: string, b: string): void => {
  if (a === b)
    throw new InvalidOptionError(
      'nodes',
      `${shown(a)} twice`,
      'two different nodes: none has a link to itself',
    )
}

/** Checks that groups are a partition: no node in two of them. */
export const checkGroups = (groups: readonly (readonly string[])[]): void => {
  checkNamed(groups)
  const named = groups.flat()
  const twice = named.find((name, position) => named.indexOf(name) !== position)
  if (twice !== undefined)
    throw new InvalidOptionError('groups', shown(twice), 'each node in one group, named once')
}

type EffectOn = (from: string, to: string) => LinkEffect | undefined

const cutEffect: LinkEffect = { kind: 'cut' }

const effectOf = (fault: LinkFault, nodes: readonly string[]): EffectOn => {
  switch (fault.kind) {
    case 'partition': {
      const groups = groupNumbers(fault.groups)
      return (from, to) => (groups.get(from) === groups.get(to) ? undefined : cutEffect)
    }
    case 'bridge':
      return (from, to) =>
        fault.groups.some((group) => group.includes(from) && group.includes(to)) ? undefined : cutEffect
    case 'ring':
      return (from, to) => (areNeighbours(nodes, from, to) ? undefined : cutEffect)
    case 'cut-one-way':
      return (from, to) => (from === fault.from && to === fault.to ? cutEffect : undefined)
    case 'links':
      return (from, to) => (concerns(fault.links, from, to) ? fault.effect : undefined)
  }
}

const concerns = (links: Links, from: string, to: string): boolean => {
  if (links.of === 'all') return true
  if (links.of === 'node') return from === links.node || to === links.node
  return (from === links.a && to === links.b) || (from === links.b && to === links.a)
}

const areNeighbours = (nodes: readonly string[], one: string, other: string): boolean => {
  const distance = Math.abs(nodes.indexOf(one) - nodes.indexOf(other))
  return distance === 1 || distance === nodes.length - 1
}

/** Nodes that no group names have no number, which makes them a further group. */
const groupNumbers = (groups: readonly (readonly string[])[]): ReadonlyMap<string, number> =>
  new Map(groups.flatMap((group, number) => group.map((name): [string, number] => [name, number])))
