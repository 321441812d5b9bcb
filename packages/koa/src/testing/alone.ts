import { createHash } from 'node:crypto'
import { memoryDisk, memoryStorage } from '@grapevine/replica'
import { systemClock, type Clock } from '@grapevine/std'
import type { Disk } from '../instance/disk.ts'
import type { Ports } from '../instance/ports.ts'
import type { Membership } from '@grapevine/membership'

/** A member that nobody else is with, and no network. */
export const aloneMembership = (): Membership => {
  const self = {
    id: 'member-1',
    name: 'node-1',
    incarnation: 1,
    addresses: [],
    metadata: {},
    state: 'alive',
  } as const
  const leave = async (): Promise<void> => undefined
  return {
    self,
    members: () => [self],
    reachable: () => [],
    view: () => 'whole',
    size: () => 1,
    forget: () => false,
    speaks: () => undefined,
    allSpeak: () => true,
    ignored: () => 0,
    upgrade: {
      status: () => ({ finalised: 3, highest: 3, next: undefined, hindrances: [] }),
      finalise: async () => 3,
      onFinalised: () => () => undefined,
    },
    discovery: () => ({
      expectsOthers: false,
      isAlone: true,
      aloneFor: 0,
      names: [],
      addresses: [],
      interfaces: [],
    }),
    on: () => () => undefined,
    topic: () => ({
      publish: async () => undefined,
      subscribe: () => () => undefined,
      validate: () => () => undefined,
    }),
    request: async () => Promise.reject(new Error('nobody is there')),
    handle: async () => () => undefined,
    setMetadata: () => undefined,
    leave,
    [Symbol.asyncDispose]: leave,
  }
}

/** Documents in memory; they outlive the instance, as those on a disk do. */
export const memoryDocuments = (): Disk => {
  const disks = new Map<string, ReturnType<typeof memoryDisk>>()
  return {
    prepare: async () => undefined,
    open: async (name) => {
      const disk = disks.get(name) ?? memoryDisk()
      disks.set(name, disk)
      return memoryStorage(disk)
    },
    list: async (prefix) =>
      [...disks.keys()]
        .filter((name) => name.startsWith(`${prefix}/`))
        .map((name) => name.slice(prefix.length + 1)),
    remove: async (name) => void disks.delete(name),
  }
}

/** Twenty times as fast as time: nobody has to be waited for who does not come. */
const hurriedClock: Clock = {
  now: () => systemClock.now() * 20,
  after: (ms, task) => systemClock.after(ms / 20, task),
}

/** An instance's outside without network and disk, with passwords that cost nothing. */
export const quietPorts = (): Partial<Omit<Ports, 'log'>> => ({
  join: async () => aloneMembership(),
  clock: hurriedClock,
  disk: memoryDocuments(),
  hasher: {
    decoy: hashOf('nobody has this'),
    isOutdated: () => false,
    hash: async (password) => hashOf(password),
    verify: async (hash, password) => hash === hashOf(password),
  },
})

const hashOf = (password: string): string => {
  const digest = createHash('sha256').update(password).digest('base64').replaceAll('=', '')
  return `$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$${digest}`
}
