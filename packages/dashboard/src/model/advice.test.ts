import { expect, test } from 'vitest'
import { linksWithin, member, pictureOf, silent } from '../testing/pictures.ts'
import { adviceOf } from './advice.ts'
import type { Health, MemberPicture, Picture } from '../picture.ts'

const saying = (name: string, health: Health & { readonly view?: 'whole' | 'minority' }): MemberPicture =>
  member(name, { report: { kind: 'answered', digest: 'd1', view: 'whole', users: 3, ...health } })

const well = member('node-1')
const inside = (...others: readonly MemberPicture[]): Picture =>
  pictureOf([well, ...others], { observer: { kind: 'member', id: well.id } })

test('where nothing bad is known there is nothing to do', () => {
  expect(adviceOf(pictureOf([well, member('node-2'), silent('node-3', 'left')]))).toEqual([])
})

test.each<[string, Picture, RegExp, RegExp]>([
  [
    'a cut',
    pictureOf([saying('node-1', { view: 'minority' }), member('node-2')], { links: [] }),
    /cut between node-1 \| node-2/,
    /Mend the network.*merge by themselves/,
  ],
  [
    'a crash seen from outside',
    pictureOf([well, silent('node-2', 'down')]),
    /^node-2: down$/,
    /start it again.*forget node-2/,
  ],
  [
    'what may be either',
    inside(silent('node-2', 'down')),
    /no answer to any member here/,
    /healthz.*firewalls.*start it again/,
  ],
  [
    'one that hangs',
    pictureOf([well, silent('node-2')], { links: [] }),
    /^node-2: no answer/,
    /hangs or its machine/,
  ],
  [
    'a full disk',
    pictureOf([saying('node-1', { disk: 'failing' })]),
    /disk takes no writes/,
    /Make room in DATA_DIR/,
  ],
  ['a wrong clock', inside(member('node-2', { skew: -600_000 })), /^node-2: the clock/, /NTP/],
  [
    'other data',
    inside(member('node-2'), member('node-3', { digest: 'd2' })),
    /^node-3: not the same data/,
    /compare the DIGEST/,
  ],
  ['a lag', pictureOf([saying('node-1', { lag: 12_000 })]), /did not confirm/, /next comparison/],
  ['a slow process', pictureOf([saying('node-1', { loopDelay: 900 })]), /slow to answer/, /too little CPU/],
  [
    'a later version',
    pictureOf([saying('node-1', { unread: { unknownKind: 3 } })]),
    /not read \(unknownKind\)/,
    /upgrade/,
  ],
  [
    'somebody who lies',
    pictureOf([saying('node-1', { unread: { absurdStamp: 1 } })]),
    /\(absurdStamp\)/,
    /has the secret and should not/,
  ],
  [
    'a contested name',
    pictureOf([well], { contested: [{ name: 'ada', accounts: ['a', 'b'] }] }),
    /claims ada/,
    /Nothing is lost.*users disable/,
  ],
  [
    'being alone',
    pictureOf([well], { alone: { for: 12_000, expectsOthers: false, tried: 'mdns on eth0' } }),
    /No other member found in 12 s: mdns on eth0/,
    /no multicast here\? Set CLUSTER_SEEDS/,
  ],
])('%s is told with its next step', (_name, picture, what, next) => {
  const [first, ...others] = adviceOf(picture)
  expect(first?.what).toMatch(what)
  expect(first?.next).toMatch(next)
  expect(others).toEqual([])
})

test('who has lost others is not told that nobody was found', () => {
  const alone = { for: 22_000, expectsOthers: true, tried: 'an address' }
  const whats = adviceOf({ ...inside(silent('node-2', 'down')), alone }).map(({ what }) => what)
  expect(whats).toEqual(['node-2: no answer to any member here'])
})

test('what is worst comes first', () => {
  const sides = [
    [saying('node-1', { view: 'minority', disk: 'failing' })],
    [saying('node-2', { unread: { unknownKind: 1 } })],
  ] as const
  const whats = adviceOf(pictureOf(sides.flat(), { links: linksWithin(...sides) })).map(({ what }) => what)
  expect(whats).toEqual([
    expect.stringContaining('cut between'),
    expect.stringContaining('disk'),
    expect.stringContaining('not read'),
  ])
})
