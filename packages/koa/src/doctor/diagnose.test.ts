import { expect, test } from 'vitest'
import { diagnose } from './diagnose.ts'
import type { FactsStatus } from '@grapevine/replica'
import type { Member } from '@grapevine/membership'
import type { Examination } from './examination.ts'

const memberOf = (name: string, more: Partial<Member> = {}): Member => ({
  id: `id-of-${name}`,
  name,
  incarnation: 1,
  addresses: [`/ip4/10.0.0.${name.slice(-1)}/tcp/4100`],
  metadata: {},
  state: 'alive',
  skew: 3,
  ...more,
})

const status: FactsStatus = {
  ready: true,
  storage: 'keeping',
  digest: 'ab',
  facts: 1,
  erased: 0,
  inSync: [],
  diverged: [],
  failed: [],
  behind: [],
  cutOff: [],
  notAsked: [],
  pending: 0,
  purging: 0,
  lastExchange: undefined,
  logBytes: 1,
  snapshotBytes: 1,
  damaged: 0,
} as unknown as FactsStatus

const discovery = {
  expectsOthers: true,
  isAlone: false,
  aloneFor: 0,
  names: [],
  addresses: [],
  interfaces: [],
}

const self = memberOf('node-1')
const [two, three] = [memberOf('node-2'), memberOf('node-3')]

const healthy: Examination = {
  self,
  members: [self, two, three],
  view: 'whole',
  links: [two.id, three.id],
  discovery,
  reasons: [],
  replicas: { users: status },
  contested: 0,
  unreadFacts: 0,
  ignored: 0,
  database: undefined,
  disk: { free: 50e9, size: 100e9 },
  settings: { mode: 'production', dataDir: '/data', clusterName: 'app' },
  secrets: 1,
  unreadSlots: [],
}

const found = (broken: Partial<Examination>): string[] =>
  diagnose({ ...healthy, ...broken }).findings.map(
    ({ check, kind, what, todo }) => `${kind} ${check}: ${what} → ${todo}`,
  )

const alone = (more: Partial<Examination['discovery']>): Partial<Examination> => ({
  members: [self],
  links: [],
  discovery: { ...discovery, isAlone: true, aloneFor: 34_000, ...more },
})

const withUsers = (more: Partial<FactsStatus>): Partial<Examination> => ({
  replicas: { users: { ...status, ...more } },
})

test('a healthy node has no findings, and every check passed', () => {
  const { findings, passed } = diagnose(healthy)
  expect(findings).toEqual([])
  expect(passed).toHaveLength(12)
})

test.each<[string, Partial<Examination>, RegExp]>([
  [
    'a name that nobody knows',
    alone({ names: [{ name: 'app', answers: [], failure: 'no such name' }] }),
    /^problem alone: it has reached no other member for 34 s: .*app: no such name.* → Correct the name in CLUSTER_DISCOVERY/,
  ],
  [
    'a member that does not run',
    alone({
      addresses: [{ address: '/ip4/10.0.0.2/tcp/4100', outcome: 'failed', reason: 'connection refused' }],
    }),
    /^problem alone: .*connection refused.* → Nobody listens at those addresses: start the other members/,
  ],
  [
    'a firewall',
    alone({ addresses: [{ address: '/ip4/10.0.0.2/tcp/4100', outcome: 'failed', reason: 'no answer' }] }),
    /^problem alone: .*no answer.* → Let the cluster port through the firewalls/,
  ],
  [
    'nobody there, and no reason to believe in others',
    alone({ expectsOthers: false }),
    /^notice alone: it has found no other member of cluster "app" .* CLUSTER_SEEDS/,
  ],
  [
    'a member that is up and cannot be reached from here',
    { links: [two.id] },
    /^problem ports: node-3 can be reached by others and not from here → Let the cluster port through .*10\.0\.0\.3/,
  ],
  [
    'a member that listens where no other host reaches it',
    { self: memberOf('node-1', { addresses: ['/ip4/127.0.0.1/tcp/4100'] }) },
    /^problem ports: it listens on loopback only: .* → .*CLUSTER_LISTEN/,
  ],
  [
    'a member that is down',
    { members: [self, two, memberOf('node-3', { state: 'down' })], view: 'majority' },
    /^problem members: node-3 is down; here is a majority of the cluster → .*members forget/,
  ],
  [
    'a member of another version',
    {
      members: [
        self,
        two,
        memberOf('node-3', { speaks: { protocols: [1, 2], gates: [1], features: ['x'] } }),
      ],
    },
    /^notice versions: node-3 is of another version than node-1 → Finish the upgrade/,
  ],
  ['facts that are not read', { unreadFacts: 4 }, /^problem versions: 4 facts .* → .*upgrade this member/],
  [
    'a clock that is wrong there',
    { members: [self, two, memberOf('node-3', { skew: -600_000 })] },
    /^problem clocks: the clock of node-3 is 600\.0 s behind this one → Set it by NTP/,
  ],
  [
    'a clock that is wrong here',
    { members: [self, memberOf('node-2', { skew: 600_000 }), memberOf('node-3', { skew: 600_100 })] },
    /^problem clocks: the clock of this host is 600\.0 s behind all others → Set it by NTP/,
  ],
  [
    'one that is stuck',
    { reasons: ['users: not caught up yet'] },
    /^problem ready: it is not ready: users: not caught/,
  ],
  [
    'members that diverged',
    withUsers({ diverged: [two.id] }),
    /^problem content: users: node-2 holds something else .* → Compare "grapevine status" of both/,
  ],
  [
    'an exchange that fails',
    withUsers({ failed: [{ member: three.id, reason: 'timeout' }] }),
    /^problem content: users: the last exchange failed with node-3 \(timeout\)/,
  ],
  [
    'a disk that takes no writes',
    withUsers({ storage: 'failing' }),
    /^problem disk: the disk takes no writes \(users\)/,
  ],
  [
    'a disk that is nearly full',
    { disk: { free: 5e6, size: 1e9 } },
    /^problem disk: 5 MB of 1000 MB are free/,
  ],
  ['a disk that fills up', { disk: { free: 1e8, size: 1e10 } }, /^notice disk: 100 MB of 10000 MB are free/],
  [
    'secrets about to be rotated',
    { secrets: 2 },
    /^notice secrets: 2 secrets .* → .*drop the old ones after seven days/,
  ],
  [
    'slots left unread',
    { unreadSlots: ['/data/slot-3'] },
    /^notice slots: data that no process reads: \/data\/slot-3/,
  ],
  ['names with two accounts', { contested: 2 }, /^notice names: 2 usernames have more than one account/],
])('%s is found, with what to do', (_what, broken, line) => {
  const lines = found(broken)
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(line)
})

test('what is wrong with several is told of each', () => {
  expect(
    found({ ...alone({}), secrets: 2, reasons: ['it expects other members and reaches none'] }),
  ).toHaveLength(3)
})
