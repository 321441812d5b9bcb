import { setTimeout as delay } from 'node:timers/promises'
import { createMembership, seeds, type Log, type Membership, type MembershipOptions } from '../index.ts'

export interface RealMembers {
  start(name: string, options?: Partial<MembershipOptions>): Promise<Membership>
  stopAll(): Promise<void>
}

/** Members in this process, on loopback; `stopAll` in an `afterEach`. */
export const realMembers = (): RealMembers => {
  const running: Membership[] = []
  return {
    start: async (name: string, options: Partial<MembershipOptions> = {}): Promise<Membership> => {
      const member = await createMembership({
        cluster: 'test',
        secrets: ['a secret of the tests'],
        name,
        listen: ['/ip4/127.0.0.1/tcp/0'],
        discovery: [],
        topics: ['news'],
        ...options,
      })
      running.push(member)
      return member
    },
    stopAll: async (): Promise<void> => {
      await Promise.all(running.splice(0).map((member) => member.leave()))
    },
  }
}

export const joining = (...members: readonly Membership[]): Partial<MembershipOptions> => ({
  discovery: [seeds(members.flatMap(({ self }) => self.addresses))],
})

export const portOf = ({ self }: Membership): number => Number(self.addresses[0]?.split('/')[4])

/** Resolves when it holds; rejects after the limit. */
export const until = async (holds: () => boolean, limit = 15_000): Promise<void> => {
  const signal = AbortSignal.timeout(limit)
  while (!holds()) await delay(10, undefined, { signal })
}

/** Resolves when the member sees exactly these names alive. */
export const sees = (member: Membership, names: readonly string[], limit = 15_000): Promise<void> => {
  const expected = [...names].sort().join()
  return until(
    () =>
      member
        .members()
        .flatMap(({ name, state }) => (state === 'alive' ? [name] : []))
        .sort()
        .join() === expected,
    limit,
  )
}

export interface RecordingLog {
  readonly log: Log
  warnings(): readonly string[]
}

/** Keeps what is logged. */
export const recordingLog = (): RecordingLog => {
  const lines: { level: string; message: string; fields: object }[] = []
  const at =
    (level: string) =>
    (fields: object, message: string): void =>
      void lines.push({ level, fields, message })
  return {
    warnings: () => lines.flatMap(({ level, message }) => (level === 'warn' ? [message] : [])),
    log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
  }
}
