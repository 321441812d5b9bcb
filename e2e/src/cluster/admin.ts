import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { ClusterNode } from '@grapevine/local-cluster'

/** What a node says of one of its documents; the part that tests look at. */
export interface ReplicaSaid {
  readonly refused: number
  readonly dropped: number
  readonly gaps: number
  readonly pending: number
  readonly purging: number
  readonly diverged: readonly string[]
  readonly cutOff: readonly string[]
  readonly damaged: number
  readonly logBytes: number
  readonly snapshotBytes: number
}

/** What the operator of a node hears from it, over the socket in its folder; the part that tests look at. */
export interface NodeSaid {
  readonly self: { readonly name: string }
  readonly users: number
  /** Digest of everything that is replicated. */
  readonly content: string
  /** By name of the document. */
  readonly replicas: Readonly<Record<string, ReplicaSaid>>
}

export const nodeStatus = async (node: ClusterNode): Promise<NodeSaid> =>
  JSON.parse(await text(await ask(node, 'GET', '/status')))

export const usersReplica = async (node: ClusterNode): Promise<ReplicaSaid> => {
  const { users } = (await nodeStatus(node)).replicas
  if (users === undefined) throw new Error(`${node.name} tells nothing of its users`)
  return users
}

/** Port on which a node listens for other members. */
export const clusterPort = async (node: ClusterNode): Promise<number> => {
  const { self, members } = JSON.parse(await text(await ask(node, 'GET', '/members')))
  const own = members.find(({ id }: { readonly id: string }) => id === self)
  return Number(own.addresses[0].split('/')[4])
}

export const eraseUser = async (node: ClusterNode, username: string): Promise<void> => {
  await text(await ask(node, 'POST', `/users/erase?user=${encodeURIComponent(username)}`))
}

export const changeUser = async (
  node: ClusterNode,
  action: 'disable' | 'enable',
  username: string,
): Promise<void> => {
  await text(await ask(node, 'POST', `/users/${action}?user=${encodeURIComponent(username)}`))
}

export interface Newcomer {
  readonly username: string
  readonly passwordHash: string
}

/** A user as they were registered: what an export of the node says. */
export interface Registered extends Newcomer {
  /** Their id, and the random part of the fact. */
  readonly user: string
  readonly fact: string
}

export const exportUsers = async (node: ClusterNode, signal?: AbortSignal): Promise<Registered[]> => {
  const users: Registered[] = []
  for await (const line of linesOf(await ask(node, 'GET', '/users/export', { signal }))) {
    const { subject, text } = JSON.parse(line)
    const fact = text === undefined ? {} : JSON.parse(text)
    if (fact.kind === 'registered') users.push({ ...fact, user: subject, fact: fact.salt })
  }
  return users
}

/**
 * Imports users and tells how many are acknowledged so far.
 *
 * @throws whatever breaks the connection, or what the node says was wrong
 */
export const importUsers = async (
  node: ClusterNode,
  users: readonly Newcomer[],
  onDone: (done: number) => void = () => undefined,
): Promise<void> => {
  const lines = users.map(({ username, passwordHash }) => `${JSON.stringify({ username, passwordHash })}\n`)
  for await (const line of linesOf(
    await ask(node, 'POST', '/users/import', { body: Readable.from(lines) }),
  )) {
    const said = JSON.parse(line)
    if (said.error !== undefined) throw new Error(`${node.name} says ${said.error}: ${said.message}`)
    if (said.done !== undefined) onDone(said.done)
  }
}

/** Everything that an export says, a line for each. */
export const exportLines = async (node: ClusterNode): Promise<readonly string[]> => {
  const lines: string[] = []
  for await (const line of linesOf(await ask(node, 'GET', '/users/export'))) lines.push(line)
  return lines
}

/** @throws what the node says was wrong */
export const importLines = async (node: ClusterNode, lines: readonly string[]): Promise<void> => {
  const body = Readable.from(lines.map((line) => `${line}\n`))
  for await (const line of linesOf(await ask(node, 'POST', '/users/import', { body }))) {
    const said = JSON.parse(line)
    if (said.error !== undefined) throw new Error(`${node.name} says ${said.error}: ${said.message}`)
  }
}

/** People who cost no password hash: all have this one. */
export const crowdOf = (count: number, prefix: string, passwordHash: string): Newcomer[] =>
  Array.from({ length: count }, (_, number) => ({ username: `${prefix}-${number}`, passwordHash }))

/** Milliseconds; one that works on it says something before. */
const silence = 60_000

const ask = async (
  node: ClusterNode,
  method: string,
  path: string,
  {
    body = Readable.from([]),
    signal,
  }: { readonly body?: Readable; readonly signal?: AbortSignal | undefined } = {},
): Promise<IncomingMessage> => {
  const socketPath = join(node.dataDir, 'admin.sock')
  const asking = request({
    socketPath,
    method,
    path,
    timeout: silence,
    ...(signal === undefined ? {} : { signal }),
  })
  asking.once('timeout', () => asking.destroy(new Error(`${node.name} said nothing for ${silence} ms`)))
  body.pipe(asking)
  const [answer]: IncomingMessage[] = await once(asking, 'response')
  // What breaks from now on breaks the answer, and is told to whoever reads it.
  asking.on('error', () => undefined)
  if (answer?.statusCode !== 200) throw new Error(`${node.name} answered ${answer?.statusCode} to ${path}`)
  return answer
}

/** Unlike `readline` it throws when the connection breaks. */
const linesOf = async function* (answer: IncomingMessage): AsyncGenerator<string> {
  let open = ''
  answer.setEncoding('utf8')
  for await (const chunk of answer) {
    const lines = `${open}${chunk}`.split('\n')
    open = lines.pop() ?? ''
    yield* lines
  }
}
