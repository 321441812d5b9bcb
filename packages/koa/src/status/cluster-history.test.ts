import { expect, test } from 'vitest'
import { followCluster } from './cluster-history.ts'
import { logChanges } from './history-log.ts'
import type { Member, MembershipEvent, MembershipListener } from '@grapevine/membership'
import type { MemberReport } from './report.ts'

const memberOf = (id: string, state: Member['state'] = 'alive'): Member => ({
  id,
  name: `node-${id}`,
  state,
  incarnation: 1,
  addresses: [],
  metadata: {},
})

const reportOf = (content: string, users: number): MemberReport => ({
  content,
  users,
  view: 'whole',
  links: ['1', '2', '3'],
  health: {},
})

/** A member whose time passes when the test says so, and who is told of others by it. */
const watched = () => {
  let time = 1_700_000_000_000
  const timers: { at: number; task: () => void }[] = []
  const listeners = new Map<MembershipEvent['type'], MembershipListener>()
  const world = {
    members: [memberOf('1'), memberOf('2'), memberOf('3')],
    reports: new Map([['1', reportOf('a', 5)]]),
    contested: [] as readonly string[],
    asked: 0,
  }
  const lines: string[] = []
  const write = (level: string) => (_fields: unknown, text?: string) => void lines.push(`${level}: ${text}`)
  const membership = {
    self: memberOf('1'),
    members: () => world.members,
    view: () => 'majority' as const,
    on: (type: MembershipEvent['type'], listener: MembershipListener) => {
      listeners.set(type, listener)
      return () => void listeners.delete(type)
    },
  }
  const log = { info: write('info'), warn: write('warn') }
  const users = { claimants: () => [] }
  const history = followCluster({
    membership,
    reports: {
      read: async () => {
        world.asked += 1
        return world.reports
      },
    },
    own: () => world.reports.get('1') ?? reportOf('a', 5),
    contestedNames: () => world.contested,
    clock: {
      now: () => time,
      after: (ms, task) => {
        const timer = { at: time + ms, task }
        timers.push(timer)
        return () => void timers.splice(timers.indexOf(timer), 1)
      },
    },
    now: () => time,
    log,
    onChange: logChanges({ membership, users, log }),
  })
  const pass = async (ms: number): Promise<void> => {
    const end = time + ms
    for (;;) {
      const next = timers.toSorted((a, b) => a.at - b.at)[0]
      if (next === undefined || next.at > end) break
      time = next.at
      timers.splice(timers.indexOf(next), 1)
      next.task()
      await new Promise((resolve) => setImmediate(resolve))
    }
    time = end
  }
  return { history, world, lines, pass, timers, listeners }
}

test('a loss is a warning with who and how many are left; that all hold the same again is told with what it took', async () => {
  const { world, lines, pass, history } = watched()
  await pass(6_000)
  world.members = [memberOf('1'), memberOf('2'), memberOf('3', 'down')]
  await pass(1_000)
  expect(lines).toEqual(['warn: node-3 was lost; 2 of 3 members are there (majority)'])
  world.reports = new Map([['1', reportOf('b', 7)]])
  await pass(5_000)
  expect(lines).toHaveLength(1)
  world.members = [memberOf('1'), memberOf('2'), memberOf('3')]
  await pass(2_000)
  expect(lines).toHaveLength(2)
  expect(lines[1]).toMatch(/^info: node-3 was lost\. Whole again after 6\.0 s; not all hold the same yet\./)
  world.reports = new Map(['1', '2', '3'].map((id) => [id, reportOf('c', 9)]))
  await pass(1_000)
  expect(lines[2]).toMatch(
    /all held the same 2\.0 s later\. 2 more users on this side; 4 more users in all once merged\.$/,
  )
  expect(history.entries()).toHaveLength(1)
})

test('a calm cluster costs no question to anybody', async () => {
  const { world, pass } = watched()
  await pass(60_000)
  expect(world.asked).toBe(0)
})

test('a name that becomes contested is a warning that says what comes of it', async () => {
  const { world, lines, pass } = watched()
  world.contested = ['ada']
  await pass(1_000)
  expect(lines).toEqual([
    'warn: More than one account claims ada: each password opens its own account, and who came second is asked for another name',
  ])
})

test('when it is closed nothing of it is left', async () => {
  const { history, timers, listeners } = watched()
  history.close()
  expect([timers.length, listeners.size]).toEqual([0, 0])
})
