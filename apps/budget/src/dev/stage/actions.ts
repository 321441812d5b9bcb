import type { Cluster } from '@grapevine/local-cluster'
import type { FromAbove } from './from-above.ts'
import type { Node, People } from './people.ts'
import type { Replay } from './replay.ts'
import type { Network, Sides } from './sides.ts'

/** What the buttons act on. */
export interface Acting {
  readonly cluster: Cluster
  readonly above: FromAbove
  readonly network: Network
  readonly people: People
  readonly replay: Replay
  /** Shown on top of the stage. */
  readonly say: (text: string) => void
}

interface Fields {
  readonly node: string
  readonly side: string
}

/** @returns what was done, in a sentence */
export type Action = (acting: Acting, fields: Fields) => Promise<string>

export const actions: Readonly<Record<string, Action>> = {
  split: async ({ network }) => `You cut the network: ${inWords(await network.cutInTwo())}`,
  isolate: async ({ network }, { node }) => `You cut the network: ${inWords(await network.cutOff(node))}`,
  heal: async ({ above, network }) => {
    above.expectHealing()
    await network.heal()
    return 'You healed the network'
  },
  'sign-up': async (acting, { side }) =>
    side === 'right'
      ? acting.people.signUp('bob', runningOn(acting, 'right'))
      : acting.people.signUp('ada', runningOn(acting, 'left')),
  'sign-up-twice': async (acting) =>
    acting.people.signUpTwice('eve', [runningOn(acting, 'left'), runningOn(acting, 'right')]),
  'log-in': async ({ cluster, people }) =>
    people.logInEverywhere(cluster.nodes.filter(({ state }) => state.kind === 'running')),
  stop: async ({ cluster }, { node }) => {
    await cluster.node(node).stop()
    return `You stopped ${node}; it said goodbye`
  },
  crash: async ({ cluster }, { node }) => {
    await cluster.node(node).kill()
    return `You crashed ${node}`
  },
  start: async ({ cluster }, { node }) => {
    await cluster.node(node).restart()
    return `You started ${node}`
  },
}

const inWords = ({ left, right }: Sides): string => `${left.join(', ')} | ${right.join(', ')}`

/** The first of a side that runs. */
const runningOn = ({ cluster, network }: Acting, side: 'left' | 'right'): Node => {
  const names = network.sides()[side]
  const node = cluster.nodes.find(({ name, state }) => state.kind === 'running' && names.includes(name))
  if (node === undefined) throw new Error(`no instance runs on the ${side}`)
  return node
}
