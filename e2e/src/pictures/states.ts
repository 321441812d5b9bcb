import type { ClusterView, Entry, Health, MemberPicture, Picture } from '@grapevine/dashboard'

/** Moments of clusters as the live view is given them, so that it can be looked at without a cluster. */
export type States = Readonly<Record<string, Picture>>

const at = Date.UTC(2026, 10, 27, 3, 12, 5)

interface Side {
  readonly from: number
  readonly to: number
  readonly digest: string
  readonly view: ClusterView
  readonly users: number
}

const membersOf = ({ from, to, digest, view, users }: Side): readonly MemberPicture[] =>
  Array.from({ length: to - from + 1 }, (_each, index) => ({
    id: `node-${from + index}`,
    name: `node-${from + index}`,
    state: 'alive' as const,
    url: `http://10.0.0.${from + index}:3000`,
    heardAt: at,
    skew: index === 0 ? undefined : index * 3 - 8,
    report: { kind: 'answered', digest, view, users, ...health(from + index) } as const,
  }))

const health = (index: number): Health => ({
  version: '0.1.0',
  uptime: 3_600_000 * (2 + index),
  disk: 'keeping',
  diskBytes: 1_200_000 + 1_000 * index,
  lag: 0,
  unread: {},
  loopDelay: index % 5,
  logins: 40 * index,
  writes: 7 * index,
})

const linksOf = (members: readonly MemberPicture[]): readonly [string, string][] =>
  members.flatMap(({ id }, index) =>
    members.slice(index + 1).map((other): [string, string] => [id, other.id]),
  )

const history: readonly Entry[] = [
  {
    kind: 'disturbance',
    from: at - 600_000,
    lost: Array.from({ length: 6 }, (_each, index) => ({
      id: `node-${index + 7}`,
      name: `node-${index + 7}`,
      at: at - 600_000 + 60 * index,
    })),
    isSplit: false,
    sides: [{ ids: ['node-1'], names: ['node-1'], count: 6, before: 120, now: 123 }],
    healedAt: at - 586_000,
    equalAt: at - 585_400,
    users: { before: 120, after: 128 },
    contested: ['ada'],
  },
  { kind: 'joined', from: at - 3_600_000, until: at - 3_599_600, names: ['node-2', 'node-3'], count: 2 },
]

const picture = (sides: readonly (readonly MemberPicture[])[], rest: Partial<Picture> = {}): Picture => ({
  at,
  observer: { kind: 'outside' },
  members: sides.flat(),
  links: sides.flatMap((side) => linksOf(side.filter(({ report }) => report.kind === 'answered'))),
  contested: [],
  traffic: [{ name: 'users', bytesIn: 12_400, bytesOut: 9_800, refused: 0 }],
  events: [{ at: at - 4_000, text: 'node-2 is up' }],
  history,
  ...rest,
})

const whole = (count: number): Picture =>
  picture([membersOf({ from: 1, to: count, digest: 'a1b2c3d4', view: 'whole', users: 128 })])

const split = (left: number, right: number): Picture => {
  const viewOf = (here: number, there: number): ClusterView => (here > there ? 'majority' : 'minority')
  return picture(
    [
      membersOf({ from: 1, to: left, digest: 'a1b2c3d4', view: viewOf(left, right), users: 131 }),
      membersOf({
        from: left + 1,
        to: left + right,
        digest: 'ffee0011',
        view: viewOf(right, left),
        users: 129,
      }),
    ],
    {
      contested: [{ name: 'ada', accounts: ['61z-8928Xw9njz6xoXz5zg', 'p2c-11aXw9njz6xoXz5zzz'] }],
      events: [{ at: at - 9_000, text: 'You cut the network' }],
    },
  )
}

const silent = (name: string, state: 'suspect' | 'down' = 'suspect'): MemberPicture => ({
  id: name,
  name,
  state,
  url: `http://${name}:3000`,
  heardAt: at - 12_000,
  report: { kind: 'silent' },
})

const troubled = (): Picture => {
  const all = membersOf({ from: 1, to: 24, digest: 'a1b2c3d4', view: 'majority', users: 128 })
  const odd: readonly MemberPicture[] = [
    silent('node-25'),
    silent('node-26', 'down'),
    ...membersOf({ from: 27, to: 27, digest: '99aa', view: 'majority', users: 120 }),
    ...membersOf({ from: 28, to: 28, digest: 'a1b2c3d4', view: 'majority', users: 128 }).map((member) => ({
      ...member,
      skew: 600_000,
    })),
    silent('node-29', 'down'),
    { ...silent('node-30', 'down'), state: 'left' as const },
  ]
  return picture([[...all, ...odd]])
}

const seenFromInside = (): Picture => {
  const near = membersOf({ from: 1, to: 6, digest: 'a1b2c3d4', view: 'minority', users: 131 })
  const far = Array.from({ length: 6 }, (_each, index) => silent(`node-${index + 7}`, 'down'))
  return picture([near, far], { observer: { kind: 'member', id: 'node-1' }, links: linksOf(near) })
}

const crashed = (): Picture =>
  picture([[silent('node-1', 'down'), silent('node-2', 'down'), silent('node-3', 'down')]])

const hung = (): Picture =>
  picture([membersOf({ from: 1, to: 2, digest: 'a1b2c3d4', view: 'whole', users: 3 }), [silent('node-3')]])

export const states: States = {
  '2-whole': whole(2),
  '3-whole': whole(3),
  '3-split': split(1, 2),
  '3-hung': hung(),
  '3-crashed': crashed(),
  '5-whole': whole(5),
  '12-whole': whole(12),
  '12-split': split(6, 6),
  '12-split-from-inside': seenFromInside(),
  '30-whole': whole(30),
  '30-split': split(13, 17),
  '30-troubled': troubled(),
  '100-whole': whole(100),
  '100-split': split(40, 60),
}
