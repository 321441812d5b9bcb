import { writeFile } from 'node:fs/promises'
import * as Y from 'yjs'
import { monotonic, sleep } from '../../clock.ts'
import { serve } from '../../processes/serve.ts'
import { hashOf, usernameOf } from '../../users.ts'
import { fill, startMember, type Member, type MemberOptions } from './member.ts'
import { countSocketBytes } from './socket-bytes.ts'
import { watchStalls } from './stalls.ts'
import { liveBytes } from '../live-bytes.ts'

/** A member of a cluster, told from outside what to do. Times are those of `monotonic`. */
export interface ClusterNodeCalls {
  start(options: MemberOptions): Promise<{ readonly addresses: readonly string[] }>
  ready(): Promise<void>
  link(addresses: readonly string[]): void
  /** Registers users on this member's disk, without waiting for others. */
  fill(users: Range): Promise<void>
  /** Registers users one after the other; each is acknowledged by `members` members. @returns milliseconds each */
  signUps(options: Range & { readonly members: number }): Promise<readonly number[]>
  /** Registers users one after the other with a pause between. @returns when each was begun, by name */
  changes(options: Range & { readonly pause: number }): Promise<ReadonlyMap<string, number>>
  /** When each user became known here, since `forget`, by name. */
  arrivals(): ReadonlyMap<string, number>
  /** Forgets arrivals, and counts bytes from here. */
  forget(): void
  /** Watches for stalls from here; costs a timer every millisecond. */
  watchStalls(): void
  /** Writes the whole document to a file, as one update. */
  save(file: string): Promise<void>
  /** Bytes that live, after a collection. Needs `--expose-gc`. */
  memory(): number
  state(): NodeState
}

export interface Range {
  readonly from: number
  readonly count: number
}

export interface NodeState {
  readonly digest: string
  readonly users: number
  readonly reachable: number
  /** Alive, this one included. */
  readonly members: number
  /** When the first other member was linked. */
  readonly linkedAt: number | undefined
  /** When the document changed last. */
  readonly changedAt: number
  /** Through all sockets since `forget`. */
  readonly bytes: number
  /** The longest since `watchStalls`, in milliseconds. */
  readonly stall: number
}

const socketBytes = countSocketBytes()
const arrivals = new Map<string, number>()
let running: Member | undefined
let linkedAt: number | undefined
let changedAt = 0
let bytesBefore = 0
let longestStall = (): number => 0

const member = (): Member => {
  if (running === undefined) throw new Error('not started')
  return running
}

/** @returns how to register a user who is made up already, as the rivals' records are */
const registering = (index: number): (() => void) => {
  const user = { username: usernameOf(index), passwordHash: hashOf(index) }
  return () => void member().users.register(user)
}

serve<ClusterNodeCalls>({
  start: async (options) => {
    running = await startMember(options)
    void running.linked.then((time) => (linkedAt = time))
    // Not `update`: for a listener of that Yjs would encode each transaction.
    running.doc.on('afterTransaction', ({ changed }) => {
      if (changed.size > 0) changedAt = monotonic()
    })
    running.users.on('user:registered', ({ user }) => void arrivals.set(user.username, monotonic()))
    return { addresses: running.membership.self.addresses }
  },
  ready: () => member().replica.ready,
  link: (addresses) => member().link(addresses),
  fill: (users) => fill(member(), users),
  signUps: async ({ from, count, members }) => {
    const times: number[] = []
    for (let index = from; index < from + count; index += 1) {
      const register = registering(index)
      const begun = monotonic()
      const { acknowledgement } = await member().replica.write(register, { concern: 'reachable' })
      times.push(monotonic() - begun)
      if (acknowledgement.members.length !== members)
        throw new Error(`acknowledged by ${acknowledgement.members.length} of ${members} members`)
    }
    return times
  },
  changes: async ({ from, count, pause }) => {
    const begun = new Map<string, number>()
    for (let index = from; index < from + count; index += 1) {
      const register = registering(index)
      begun.set(usernameOf(index), monotonic())
      await member().replica.write(register, { concern: 'local' })
      await sleep(pause)
    }
    return begun
  },
  arrivals: () => arrivals,
  forget: () => {
    arrivals.clear()
    bytesBefore = socketBytes()
  },
  watchStalls: () => {
    longestStall = watchStalls()
  },
  save: (file) => writeFile(file, Y.encodeStateAsUpdate(member().doc)),
  memory: liveBytes,
  state: () => ({
    digest: member().replica.status().digest,
    users: member().users.size,
    reachable: member().membership.reachable().length,
    members: member()
      .membership.members()
      .filter(({ state }) => state === 'alive').length,
    linkedAt,
    changedAt,
    bytes: socketBytes() - bytesBefore,
    stall: longestStall(),
  }),
})
