import type { ClusterEvent, MemberPicture, MemberState, Picture, Report, Source } from '@grapevine/dashboard'
import type { Cluster, ClusterNode } from '@grapevine/local-cluster'
import type { ClusterStatus } from '@grapevine/koa'

/** A cluster as nobody inside can see it: each member is asked for itself, on whatever side of a split it is. */
export interface FromAbove extends Source {
  /** Adds to the last events. */
  tell(text: string): void
  /** From now on it is measured how long it takes until all hold the same. */
  expectHealing(): void
}

/** How long an instance may take to answer, in ms: one that hangs is shown as such. */
const patience = 700
const mostKept = 30

type Answer = Pick<ClusterStatus, 'self' | 'view' | 'users' | 'content' | 'links' | 'contestedNames'>

export const fromAbove = (cluster: Cluster, now: () => number = Date.now): FromAbove => {
  const events: ClusterEvent[] = []
  const listeners = new Set<() => void>()
  let healedAt: number | undefined

  const tell = (text: string): void => {
    events.unshift({ at: now(), text })
    events.splice(mostKept)
    for (const listener of listeners) listener()
  }

  const noteHealing = (contents: readonly string[]): void => {
    if (healedAt === undefined || new Set(contents).size > 1) return
    const after = Math.max(0, now() - healedAt)
    healedAt = undefined
    tell(`All hold the same, ${(after / 1_000).toFixed(1)} s after the heal`)
  }

  return {
    tell,
    expectHealing: () => void (healedAt = now()),
    onChange: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    read: async () => {
      const asked = await Promise.all(cluster.nodes.map(async (node) => ({ node, answer: await ask(node) })))
      noteHealing(asked.flatMap(({ answer }) => answer?.content ?? []))
      return pictureOf(asked, [...events], now())
    },
  }
}

const ask = async (node: ClusterNode): Promise<Answer | undefined> => {
  if (node.state.kind !== 'running') return undefined
  try {
    const answer = await fetch(`${node.url}/cluster.json`, { signal: AbortSignal.timeout(patience) })
    return answer.ok ? JSON.parse(await answer.text()) : undefined
  } catch {
    return undefined // the picture says that it does not answer
  }
}

interface Asked {
  readonly node: ClusterNode
  readonly answer: Answer | undefined
}

const pictureOf = (asked: readonly Asked[], events: readonly ClusterEvent[], at: number): Picture => {
  const nameOf = new Map(asked.flatMap(({ node, answer }) => (answer ? [[answer.self.id, node.name]] : [])))
  return {
    at,
    observer: { kind: 'outside' },
    members: asked.map(memberPicture),
    links: asked.flatMap(({ node, answer }) =>
      (answer?.links ?? []).flatMap((id): [string, string][] => {
        const other = nameOf.get(id)
        return other === undefined ? [] : [[node.name, other]]
      }),
    ),
    contested: [...new Set(asked.flatMap(({ answer }) => answer?.contestedNames ?? []))].map((name) => ({
      name,
      accounts: [],
    })),
    traffic: [],
    events,
  }
}

const memberPicture = ({ node, answer }: Asked): MemberPicture => ({
  id: node.name,
  name: node.name,
  state: stateOf(node, answer),
  url: node.url,
  report: answer === undefined ? { kind: 'silent' } : reportOf(answer),
})

const stateOf = ({ state }: ClusterNode, answer: Answer | undefined): MemberState => {
  if (state.kind === 'exited') return state.code === 0 ? 'left' : 'down'
  return answer === undefined ? 'suspect' : 'alive'
}

const reportOf = ({ content, view, users }: Answer): Report => ({
  kind: 'answered',
  digest: content,
  view,
  users,
})
