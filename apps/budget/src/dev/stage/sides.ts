import type { Cluster } from '@grapevine/local-cluster'

/** Who is left and who is right of the cut; or of the one that could be made. */
export interface Sides {
  readonly left: readonly string[]
  readonly right: readonly string[]
  readonly isCut: boolean
}

/** The network between two sides, cut and whole. */
export interface Network {
  sides(): Sides
  cutInTwo(): Promise<Sides>
  cutOff(node: string): Promise<Sides>
  heal(): Promise<void>
}

export const createNetwork = (cluster: Pick<Cluster, 'nodes' | 'partition' | 'heal'>): Network => {
  const names = (): readonly string[] => cluster.nodes.map(({ name }) => name)
  const halves = (isCut: boolean): Sides => {
    const half = Math.floor(names().length / 2)
    return { left: names().slice(0, half), right: names().slice(half), isCut }
  }
  let cut: Sides | undefined
  const make = async (sides: Sides): Promise<Sides> => {
    // It takes the place of what was cut before: there are never more than two sides.
    await cluster.partition([sides.left, sides.right])
    return (cut = sides)
  }
  return {
    sides: () => cut ?? halves(false),
    cutInTwo: () => make(halves(true)),
    cutOff: (node) => make({ left: [node], right: names().filter((name) => name !== node), isCut: true }),
    heal: async () => {
      await cluster.heal()
      cut = undefined
    },
  }
}
