import { Counter, type Registry } from 'prom-client'
import { exchangeMetrics } from './exchanges.ts'
import { gauge, type Values } from './gauge.ts'
import type { Replicated } from '../instance/content.ts'
import type { Instance } from '../instance/instance.ts'

/** What this node holds, whether the others hold the same, and what that costs in bytes. */
export const contentMetrics = (register: Registry, instance: Instance): void => {
  const each = (read: (status: ReturnType<Replicated['status']>) => number): Values =>
    Object.fromEntries(Object.entries(instance.replicas).map(([name, { status }]) => [name, read(status())]))

  gauge(register, { name: 'grapevine_users', help: 'Users that this node holds' }, () => instance.users.size)
  gauge(
    register,
    { name: 'grapevine_contested_names', help: 'Usernames with more than one claim' },
    () => instance.users.contestedNames().length,
  )
  gauge(
    register,
    {
      name: 'grapevine_unread_facts',
      help: 'Facts about users that are held and not read: of a later version, or of a member that lies',
      label: 'reason',
    },
    () => unreadOf(instance),
  )
  gauge(register, { name: 'grapevine_ready', help: '1 when this node is ready to serve' }, () =>
    instance.isReady() ? 1 : 0,
  )
  gauge(
    register,
    { name: 'grapevine_storage_failing', help: '1 when the disk takes no writes', label: 'replica' },
    () => each(({ storage }) => (storage === 'failing' ? 1 : 0)),
  )
  gauge(
    register,
    { name: 'grapevine_log_bytes', help: 'Size on disk, log and snapshot', label: 'replica' },
    () => each(({ logBytes, snapshotBytes }) => logBytes + snapshotBytes),
  )
  gauge(
    register,
    { name: 'grapevine_pending_changes', help: 'Changes that are not on this disk yet', label: 'replica' },
    () => each(({ pending }) => pending),
  )
  divergence(register, instance)
  exchangeMetrics(register, instance)
  traffic(register, instance)
}

const unreadOf = ({ users }: Instance): Values =>
  Object.fromEntries(Object.entries(users.unread()).map(([reason, { count }]) => [reason, count]))

/** Digests are compared when they are asked for, so the age is as exact as the scrapes are frequent. */
const divergence = (register: Registry, { membership, reports }: Instance): void => {
  let agreedAt = performance.now()
  const differing = async (): Promise<number> => {
    const answers = await reports.read()
    const own = answers.get(membership.self.id)?.content
    const others = [...answers.values()].filter(({ content }) => content !== own).length
    if (others === 0) agreedAt = performance.now()
    return others
  }
  gauge(
    register,
    { name: 'grapevine_diverged_members', help: 'Reachable members that hold something else than this node' },
    differing,
  )
  gauge(
    register,
    { name: 'grapevine_digest_age_seconds', help: 'Since all reachable members were seen to hold the same' },
    async () => {
      await differing()
      return (performance.now() - agreedAt) / 1_000
    },
  )
}

const traffic = (register: Registry, { replicas }: Instance): void => {
  const bytes = new Counter({
    name: 'grapevine_sync_bytes_total',
    help: 'Bytes of document content received and sent, without framing',
    labelNames: ['replica', 'direction'],
    registers: [],
    collect() {
      this.reset()
      for (const [replica, { status }] of Object.entries(replicas)) {
        this.inc({ replica, direction: 'in' }, status().bytesIn)
        this.inc({ replica, direction: 'out' }, status().bytesOut)
      }
    },
  })
  const refused = new Counter({
    name: 'grapevine_refused_updates_total',
    help: 'Updates of other members that the guard refused',
    labelNames: ['replica'],
    registers: [],
    collect() {
      this.reset()
      for (const [replica, { status }] of Object.entries(replicas)) this.inc({ replica }, status().refused)
    },
  })
  register.registerMetric(bytes)
  register.registerMetric(refused)
}
