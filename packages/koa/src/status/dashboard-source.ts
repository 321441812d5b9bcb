import { BoundedMap } from '@grapevine/std'
import { discoveryInWords } from '@grapevine/membership'
import type { MemberPicture, Picture, Report, Source, Traffic } from '@grapevine/dashboard'
import type { Member } from '@grapevine/membership'
import type { Instance } from '../instance/instance.ts'
import type { MemberReport } from './report.ts'

/** Members of which it is remembered when they last answered. */
const mostRemembered = 1_024

/** The cluster as this node sees it, for the dashboard. */
export const dashboardSource = (instance: Instance): Source => {
  const heardAt = new BoundedMap<string, number>(mostRemembered)
  return {
    read: async () => {
      const reports = await instance.reports.read()
      for (const id of reports.keys()) heardAt.set(id, instance.now())
      return pictureOf(instance, reports, heardAt)
    },
    onChange: instance.recentEvents.onChange,
  }
}

/** The cluster as this node sees it now. */
export const pictureOf = (
  instance: Instance,
  reports: ReadonlyMap<string, MemberReport>,
  heardAt: ReadonlyMap<string, number> = new Map(),
): Picture => ({
  at: instance.now(),
  observer: { kind: 'member', id: instance.membership.self.id },
  members: instance.membership
    .members()
    .map((member) => ({ ...memberPicture(member, reports.get(member.id)), heardAt: heardAt.get(member.id) })),
  links: linksOf(reports),
  contested: contestedOf(instance),
  traffic: Object.entries(instance.replicas).map(([name, replica]): Traffic => {
    const { bytesIn, bytesOut, refused } = replica.status()
    return { name, bytesIn, bytesOut, refused }
  }),
  events: instance.recentEvents.list(),
  history: instance.history.entries(),
  alone: aloneOf(instance),
})

/** Milliseconds after which being alone is worth a word; membership says so from there on, too. */
const aloneWorthTelling = 10_000

const aloneOf = ({ membership }: Instance): Picture['alone'] => {
  const report = membership.discovery()
  const { isAlone, aloneFor, expectsOthers } = report
  if (!isAlone || aloneFor < aloneWorthTelling) return undefined
  return { for: aloneFor, expectsOthers, tried: discoveryInWords(report) }
}

/** Names whose accounts are looked up, and accounts of one: more are counted, not listed. */
const mostNames = 50
const mostAccounts = 20

const contestedOf = ({ users }: Instance): Picture['contested'] =>
  users.contestedNames().map((name, index) => {
    const accounts = index < mostNames ? users.claimants(name).slice(0, mostAccounts) : []
    return { name, accounts: accounts.map(({ id }) => id) }
  })

const memberPicture = (
  { id, name, state, metadata, skew }: Member,
  report?: MemberReport,
): MemberPicture => ({
  id,
  name,
  state,
  url: metadata['url'],
  skew,
  report: report === undefined ? { kind: 'silent' } : answered(report),
})

const answered = ({ content, view, users, health }: MemberReport): Report => ({
  ...health,
  kind: 'answered',
  digest: content,
  view,
  users,
})

/** A link has two ends, and either may be first to tell. */
const linksOf = (reports: ReadonlyMap<string, MemberReport>): Picture['links'] =>
  [...reports].flatMap(([id, { links }]) => links.map((other): [string, string] => [id, other]))
