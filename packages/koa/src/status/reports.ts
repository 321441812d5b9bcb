import { decodeReport, encodeReport, type MemberReport } from './report.ts'
import { deadline } from '@grapevine/std'
import type { Membership } from '@grapevine/membership'
import type { Clock } from '@grapevine/replica'

/** What the members say of themselves, this one first; silent ones are missing. */
export interface Reports {
  read(): Promise<ReadonlyMap<string, MemberReport>>
}

export interface ReportsOptions {
  readonly membership: Pick<Membership, 'self' | 'reachable' | 'request' | 'handle'>
  readonly own: () => MemberReport
  readonly clock: Clock
}

const protocol = 'status'
/** How old an answer may be, in ms: however many look, each member is asked about once in this time. */
const freshFor = 900
/** How long a member may take, in ms; a picture must not wait for one that hangs. */
const patience = 600
/** Members that are asked; of a larger cluster a part is enough to see whether they agree. */
const mostAsked = 64

/** Answers the other members' questions, and asks them in turn. */
export const memberReports = async (options: ReportsOptions): Promise<Reports> => {
  const { membership, own, clock } = options
  await membership.handle(protocol, () => encodeReport(own()))
  let latest: { readonly at: number; readonly answers: ReturnType<Reports['read']> } | undefined

  const ask = async (member: string): Promise<[string, MemberReport][]> => {
    const { signal, end } = deadline(clock, patience)
    try {
      const report = decodeReport(await membership.request(member, protocol, new Uint8Array(), { signal }))
      return report === undefined ? [] : [[member, report]]
    } catch {
      return [] // silent, which is what the picture says of it
    } finally {
      end()
    }
  }

  const askAll = async (): Promise<ReadonlyMap<string, MemberReport>> => {
    const others = await Promise.all(membership.reachable().slice(0, mostAsked).map(ask))
    return new Map([[membership.self.id, own()], ...others.flat()])
  }

  return {
    read: () => {
      const now = clock.now()
      if (latest === undefined || now - latest.at > freshFor) latest = { at: now, answers: askAll() }
      return latest.answers
    },
  }
}
