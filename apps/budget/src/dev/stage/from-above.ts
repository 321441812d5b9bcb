import { createHistory, summaryOf } from '@grapevine/dashboard'
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

export interface FromAboveOptions {
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number
  /** Told of each picture, to be looked at again. */
  readonly record?: (picture: Picture) => void
}

export const fromAbove = (cluster: Cluster, options: FromAboveOptions = {}): FromAbove => {
  const { now = Date.now, record } = options
  const events: ClusterEvent[] = []
  const listeners = new Set<() => void>()
  const history = createHistory()
  let healedAt: number | undefined
  let linkedAfter: number | undefined

  const tell = (text: string): void => {
    events.unshift({ at: now(), text })
    events.splice(mostKept)
    for (const listener of listeners) listener()
  }

  /** First all links are there again, then all hold the same: both are measured, each time that the page looks. */
  const noteHealing = (picture: Picture): void => {
    if (healedAt === undefined) return
    const after = Math.max(0, now() - healedAt)
    const { severity, headline } = summaryOf(picture)
    if (linkedAfter === undefined && isLinked(picture)) linkedAfter = after
    if (linkedAfter === undefined || severity !== 'well') return
    healedAt = undefined
    tell(
      `All hold the same, ${seconds(after)} after the heal; links were there after ${seconds(linkedAfter)}. ${headline}`,
    )
  }

  return {
    tell,
    expectHealing: () => {
      healedAt = now()
      linkedAfter = undefined
    },
    onChange: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    read: async () => {
      const asked = await Promise.all(cluster.nodes.map(async (node) => ({ node, answer: await ask(node) })))
      const seen = pictureOf(asked, now())
      history.observe(seen)
      noteHealing(seen)
      const picture = { ...seen, events: [...events], history: history.entries() }
      record?.(picture)
      return picture
    },
  }
}

/** Everybody that runs is linked to everybody that runs, as they say. */
const isLinked = ({ members, links }: Picture): boolean => {
  const running = members.filter(({ report }) => report.kind === 'answered').map(({ id }) => id)
  return running.every((one) =>
    running.every(
      (other) => one === other || links.some((link) => link.includes(one) && link.includes(other)),
    ),
  )
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`

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

const pictureOf = (asked: readonly Asked[], at: number): Picture => {
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
    events: [],
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
