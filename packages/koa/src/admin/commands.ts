import { adviceOf, summaryOf, told } from '@grapevine/dashboard'
import { pictureOf } from '../status/dashboard-source.ts'
import { clusterStatus } from '../status/cluster-status.ts'
import { diagnose } from '../doctor/diagnose.ts'
import { examine } from '../doctor/examination.ts'
import { upgradeReport } from '../upgrade/upgrade-report.ts'
import { AdminError } from './errors.ts'
import { operators } from './operators.ts'
import { backUp, exportUsers, importUsers, restoreBackup } from './streams.ts'
import type { ServerResponse } from 'node:http'
import type { AdminContext } from './context.ts'
import type { User } from '@grapevine/user-cache'
import type { Instance } from '../instance/instance.ts'
import type { Settings } from '../settings/settings.ts'

/** Answers one request; an error with a `code` is told to the operator. */
export type AdminCommand = (context: AdminContext) => Promise<void>

export interface AdminParts {
  readonly instance: Instance
  readonly settings: Settings
  /** Slots with data that no process has. */
  readonly unreadSlots: () => readonly string[]
}

/** What an operator may do with a running node, by method and path. */
export const adminCommands = ({
  instance,
  settings,
  unreadSlots,
}: AdminParts): ReadonlyMap<string, AdminCommand> =>
  new Map<string, AdminCommand>([
    [
      'GET /doctor',
      async ({ response }) => json(response, diagnose(await examine(instance, settings, unreadSlots()))),
    ],
    ['GET /status', async ({ response }) => json(response, await statusOf(instance))],
    ['GET /members', async ({ response }) => json(response, await membersOf(instance))],
    ['POST /members/forget', async (context) => forget(instance, context)],
    ['GET /users/export', (context) => exportUsers(instance, context)],
    ['POST /users/import', (context) => importUsers(instance, context)],
    ['GET /backup', (context) => backUp(instance, settings, context)],
    ['POST /restore', (context) => restoreBackup(instance, context)],
    ['POST /users/disable', (context) => change(instance, context, (id) => instance.users.disable(id))],
    ['POST /users/enable', (context) => change(instance, context, (id) => instance.users.enable(id))],
    ['POST /users/erase', (context) => eraseUser(instance, context)],
    [
      'GET /operators',
      async ({ response, log }) => json(response, { operators: operators(instance, log).list() }),
    ],
    ...(['grant', 'revoke'] as const).map((action): [string, AdminCommand] => [
      `POST /operators/${action}`,
      async ({ response, query, log }) =>
        json(response, await operators(instance, log)[action](meant(instance, query))),
    ]),
    ['POST /sessions/end-all', (context) => endAllSessions(instance, context)],
    ['POST /finalize', (context) => finalise(instance, context)],
  ])

/** Entries of the history in one answer. */
const mostTold = 20

const json = (response: ServerResponse, body: object): void => {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
}

const statusOf = async (instance: Instance): Promise<object> => {
  const reports = await instance.reports.read()
  const picture = pictureOf(instance, reports)
  const replicas = Object.entries(instance.replicas).map(
    ([name, replica]) => [name, replica.status()] as const,
  )
  return {
    ...clusterStatus(instance),
    isReady: instance.isReady(),
    upgrade: upgradeReport(instance.membership),
    health: reports.get(instance.membership.self.id)?.health,
    summary: summaryOf(picture),
    advice: adviceOf(picture),
    history: instance.history
      .entries()
      .slice(0, mostTold)
      .map((entry) => ({ at: new Date(entry.from).toISOString(), ...told(entry) })),
    replicas: Object.fromEntries(replicas),
    ...(instance.database && { database: instance.database.status() }),
  }
}

const membersOf = async (instance: Instance): Promise<object> => {
  const reports = await instance.reports.read()
  const own = reports.get(instance.membership.self.id)?.content
  const members = instance.membership
    .members()
    .map(({ id, name, state, incarnation, addresses, metadata, skew }) => {
      const content = reports.get(id)?.content
      const holds = content === undefined ? 'unknown' : content === own ? 'same' : 'other'
      return { id, name, state, incarnation, addresses, url: metadata['url'], holds, skew }
    })
  return { self: instance.membership.self.id, members }
}

/** Only one that is down: who lives would be back at once. */
const forget = (instance: Instance, { response, query }: AdminContext): void => {
  const wanted = query.get('member') ?? ''
  if (wanted === '') throw new AdminError('MISSING_NAME', 'Say which member: a name or an id.')
  const named = instance.membership.members().filter(({ id, name }) => id === wanted || name === wanted)
  if (named.length === 0)
    throw new AdminError('UNKNOWN_NAME', `No member here is called ${JSON.stringify(wanted)}.`)
  const down = named.filter(({ state }) => state === 'down')
  const [gone, ...others] = down
  if (gone === undefined) {
    const states = named.map(({ id, state }) => `${id} is ${state}`).join(', ')
    throw new AdminError('NOT_DOWN', `Only a member that is down can be forgotten: ${states}.`)
  }
  if (others.length > 0) {
    const ids = down.map(({ id }) => id).join(', ')
    throw new AdminError('AMBIGUOUS_NAME', `${down.length} members of that name are down; give an id: ${ids}`)
  }
  instance.membership.forget(gone.id)
  json(response, { id: gone.id, name: gone.name, view: instance.membership.view() })
}

const change = async (
  instance: Instance,
  { response, query }: AdminContext,
  act: (id: string) => User,
): Promise<void> => {
  const { id } = meant(instance, query)
  const { value, acknowledgement } = await instance.userReplica.write(() => act(id))
  json(response, { ...publicOf(value), members: acknowledgement.members.length })
}

const eraseUser = async (instance: Instance, { response, query }: AdminContext): Promise<void> => {
  const user = meant(instance, query)
  const acknowledgement = await instance.eraseUser(user.id)
  json(response, { ...publicOf(user), erased: true, members: acknowledgement.members.length })
}

/** For after data of an earlier time was put back: ends of sessions went with it. */
const endAllSessions = async (instance: Instance, { response }: AdminContext): Promise<void> => {
  await instance.bumpEpoch()
  json(response, { ended: 'all' })
}

/** From here on no instance goes back to an older release. */
const finalise = async ({ membership }: Instance, { response }: AdminContext): Promise<void> =>
  json(response, { finalised: await membership.upgrade.finalise() })

/** Never the hash. */
const publicOf = ({ id, username, disabled, claim }: User): object => ({ id, username, disabled, claim })

/** By id, or by a name that is nobody else's. */
const meant = (instance: Instance, query: URLSearchParams): User => {
  const wanted = query.get('user') ?? ''
  if (wanted === '') throw new AdminError('MISSING_NAME', 'Say which user: a username or an account id.')
  const byId = instance.users.get(wanted)
  if (byId !== undefined) return byId
  const [user, ...others] = instance.users.claimants(wanted)
  if (user === undefined) {
    throw new AdminError('UNKNOWN_NAME', `No user here is called ${JSON.stringify(wanted)}.`)
  }
  if (others.length === 0) return user
  const ids = [user, ...others].map(({ id, claim }) => `${id} (${claim})`)
  throw new AdminError(
    'AMBIGUOUS_NAME',
    `${ids.length} accounts claim that name; give an id: ${ids.join(', ')}`,
  )
}
