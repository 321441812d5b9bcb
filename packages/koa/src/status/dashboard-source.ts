import type { MemberPicture, Picture, Report, Source, Traffic } from '@grapevine/dashboard'
import type { Member } from '@grapevine/membership'
import type { Instance } from '../instance/instance.ts'
import type { MemberReport } from './report.ts'

/** The cluster as this node sees it, for the dashboard. */
export const dashboardSource = (instance: Instance): Source => ({
  read: async () => pictureOf(instance, await instance.reports.read()),
  onChange: instance.recentEvents.onChange,
})

const pictureOf = (instance: Instance, reports: ReadonlyMap<string, MemberReport>): Picture => ({
  at: instance.now(),
  observer: { kind: 'member', id: instance.membership.self.id },
  members: instance.membership.members().map((member) => memberPicture(member, reports.get(member.id))),
  links: linksOf(reports),
  contested: contestedOf(instance),
  traffic: Object.entries(instance.replicas).map(([name, replica]): Traffic => {
    const { bytesIn, bytesOut, refused } = replica.status()
    return { name, bytesIn, bytesOut, refused }
  }),
  events: instance.recentEvents.list(),
})

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

const answered = ({ content, view, users }: MemberReport): Report => ({
  kind: 'answered',
  digest: content,
  view,
  users,
})

/** A link has two ends, and either may be first to tell. */
const linksOf = (reports: ReadonlyMap<string, MemberReport>): Picture['links'] =>
  [...reports].flatMap(([id, { links }]) => links.map((other): [string, string] => [id, other]))
