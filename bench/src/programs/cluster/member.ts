import { join } from 'node:path'
import {
  createMembership,
  seeds as seedDiscovery,
  type Discovery,
  type Membership,
} from '@grapevine/membership'
import { createFactSet } from '@grapevine/facts'
import { openFileStorage, replicateFacts, type FactsReplica, type Storage } from '@grapevine/replica'
import { createUserCache, type UserCache } from '@grapevine/user-cache'
import * as Y from 'yjs'
import { monotonic } from '../../clock.ts'
import { hashOf, usernameOf } from '../../users.ts'

export interface MemberOptions {
  /** For its disk; an empty one, or one of an earlier start. */
  readonly folder: string
  /** Addresses to join at; none: found by `link` alone. */
  readonly seeds?: readonly string[]
  /** How long to look for others before it counts as alone, in milliseconds. @default the package's */
  readonly discoveryWindow?: number
}

/** A member of a cluster with its users on disk: what an app puts together, and nothing else. */
export interface Member {
  readonly membership: Membership
  readonly replica: FactsReplica
  readonly users: UserCache
  readonly doc: Y.Doc
  /** Resolves when the first other member is linked, with the time. */
  readonly linked: Promise<number>
  /** Has these addresses dialled, as a discovery that found them would. */
  link(addresses: readonly string[]): void
}

const cluster = 'bench'
/** Of clusters that live for a minute on the loopback interface. */
const secrets: readonly string[] = ['a secret of the benchmark only']
const name = 'users'

export const startMember = async ({ folder, seeds = [], ...rest }: MemberOptions): Promise<Member> => {
  const storage = await openUserStorage(folder)
  const command = onCommand()
  const membership = await createMembership({
    cluster,
    secrets,
    dataDir: join(folder, 'member'),
    listen: ['/ip4/127.0.0.1/tcp/0'],
    discovery: [command.discovery, seedDiscovery(seeds)],
    topics: [name],
  })
  const linked = new Promise<number>((resolve) => {
    membership.on('member:linked', () => resolve(monotonic()))
  })
  const doc = new Y.Doc()
  const facts = createFactSet({ doc, root: name })
  const replica = await replicateFacts(facts, membership, { name, storage, ...rest })
  const users = createUserCache({ facts, nodeId: membership.self.id })
  return { membership, replica, users, doc, linked, link: command.find }
}

export const openUserStorage = (folder: string): Promise<Storage> =>
  openFileStorage({ folder: join(folder, name), owner: `${cluster}/${name}` })

/** Registers users in writes of 1,000, each on this member's disk before the next. */
export const fill = async (
  { users, replica }: Pick<Member, 'users' | 'replica'>,
  { from, count }: { readonly from: number; readonly count: number },
  hash: (index: number) => string = hashOf,
): Promise<void> => {
  for (let start = from; start < from + count; start += 1000) {
    const end = Math.min(start + 1000, from + count)
    const register = (): void => {
      for (let index = start; index < end; index += 1)
        users.register({ username: usernameOf(index), passwordHash: hash(index) })
    }
    await replica.write(register, { concern: 'local' })
  }
}

/** A discovery that finds what it is told to. */
const onCommand = (): {
  readonly discovery: Discovery
  readonly find: (addresses: readonly string[]) => void
} => {
  let found: (addresses: readonly string[]) => void = () => undefined
  const discovery: Discovery = {
    type: 'active',
    name: 'on command',
    start: (context) => {
      found = (addresses) => context.found({ type: 'configured', addresses })
    },
  }
  return { discovery, find: (addresses) => found(addresses) }
}
