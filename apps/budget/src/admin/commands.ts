import { pipeline } from 'node:stream/promises'
import { Readable } from 'node:stream'
import { createInterface } from 'node:readline'
import { clusterStatus } from '../cluster-status.ts'
import { AdminError } from './errors.ts'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Progress, User } from '@grapevine/user-cache'
import type { Node } from '../node.ts'

export interface AdminContext {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly query: URLSearchParams
}

/** Answers one request; an error with a `code` is told to the operator. */
export type AdminCommand = (context: AdminContext) => Promise<void>

/** What an operator may do with a running node, by method and path. */
export const adminCommands = (node: Node): ReadonlyMap<string, AdminCommand> =>
  new Map<string, AdminCommand>([
    ['GET /status', async ({ response }) => json(response, statusOf(node))],
    ['GET /members', async ({ response }) => json(response, await membersOf(node))],
    ['GET /users/export', (context) => exportUsers(node, context)],
    ['POST /users/import', (context) => importUsers(node, context)],
    ['POST /users/disable', (context) => change(node, context, (id) => node.users.disable(id))],
    ['POST /users/enable', (context) => change(node, context, (id) => node.users.enable(id))],
    ['POST /users/erase', (context) => eraseUser(node, context)],
  ])

const json = (response: ServerResponse, body: object): void => {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
}

const statusOf = (node: Node): object => {
  const replicas = Object.entries(node.replicas).map(([name, replica]) => [name, replica.status()] as const)
  return { ...clusterStatus(node), isReady: node.isReady(), replicas: Object.fromEntries(replicas) }
}

const membersOf = async (node: Node): Promise<object> => {
  const reports = await node.reports.read()
  const own = reports.get(node.membership.self.id)?.content
  const members = node.membership.members().map(({ id, name, state, incarnation, addresses, metadata }) => {
    const content = reports.get(id)?.content
    const holds = content === undefined ? 'unknown' : content === own ? 'same' : 'other'
    return { id, name, state, incarnation, addresses, url: metadata['url'], holds }
  })
  return { self: node.membership.self.id, members }
}

/** Facts as JSON lines, slowly if the reader is slow. They hold password hashes. */
const exportUsers = async (node: Node, { response }: AdminContext): Promise<void> => {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  response.writeHead(200, { 'Content-Type': 'application/x-ndjson', 'X-Users': String(node.users.size) })
  const lines = node.users.export({ signal: gone.signal })
  await pipeline(Readable.from(withLineEnds(lines)), response)
}

async function* withLineEnds(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`
}

/** Takes JSON lines and answers with JSON lines: progress as it goes, and how it ended. */
const importUsers = async (node: Node, { request, response }: AdminContext): Promise<void> => {
  response.writeHead(200, { 'Content-Type': 'application/x-ndjson' })
  const say = (line: object): void => void response.write(`${JSON.stringify(line)}\n`)
  try {
    const report = await node.users.import(createInterface({ input: request, crlfDelay: Infinity }), {
      // On disk, and on every reachable member, before the next.
      write: (batch) => node.replicas.users.write(batch),
      onProgress: ({ done }: Progress) => say({ done }),
    })
    say({ report })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'FAILED'
    say({ error: code, message: error instanceof Error ? error.message : String(error) })
  }
  response.end()
}

const change = async (
  node: Node,
  { response, query }: AdminContext,
  act: (id: string) => User,
): Promise<void> => {
  const { id } = meant(node, query)
  const { value, acknowledgement } = await node.replicas.users.write(() => act(id))
  json(response, { ...publicOf(value), members: acknowledgement.members.length })
}

const eraseUser = async (node: Node, { response, query }: AdminContext): Promise<void> => {
  const user = meant(node, query)
  await node.entries.removeAll(user.id)
  const { acknowledgement } = await node.replicas.users.write(() => node.users.erase(user.id))
  json(response, { ...publicOf(user), erased: true, members: acknowledgement.members.length })
}

/** Never the hash. */
const publicOf = ({ id, username, disabled, claim }: User): object => ({ id, username, disabled, claim })

/** By id, or by a name that is nobody else's. */
const meant = (node: Node, query: URLSearchParams): User => {
  const wanted = query.get('user') ?? ''
  if (wanted === '') throw new AdminError('MISSING_NAME', 'Say which user: a username or an account id.')
  const byId = node.users.get(wanted)
  if (byId !== undefined) return byId
  const [user, ...others] = node.users.claimants(wanted)
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
