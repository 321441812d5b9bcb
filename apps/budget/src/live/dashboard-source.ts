import type { MemberPicture, Picture, Report, Source, Traffic } from '@grapevine/dashboard'
import type { Member } from '@grapevine/membership'
import type { Node } from '../node.ts'
import type { MemberReport } from './report.ts'

/** The cluster as this node sees it, for the dashboard. */
export const dashboardSource = (node: Node): Source => ({
  read: async () => pictureOf(node, await node.reports.read()),
  onChange: node.happenings.onChange,
})

const pictureOf = (node: Node, reports: ReadonlyMap<string, MemberReport>): Picture => ({
  observer: { kind: 'member', id: node.membership.self.id },
  members: node.membership.members().map((member) => memberPicture(member, reports.get(member.id))),
  links: linksOf(reports),
  contested: node.users.contestedNames(),
  traffic: Object.entries(node.replicas).map(([name, replica]): Traffic => {
    const { bytesIn, bytesOut, refused } = replica.status()
    return { name, bytesIn, bytesOut, refused }
  }),
  events: node.happenings.list(),
})

const memberPicture = ({ id, name, state, metadata }: Member, report?: MemberReport): MemberPicture => ({
  id,
  name,
  state,
  url: metadata['url'],
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
