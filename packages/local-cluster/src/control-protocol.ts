/** What this process and the preload in a node say to each other over the IPC channel of the node's process. */

/** From the node: a member with this peer id lives in this process. */
export interface MemberReport {
  readonly type: 'local-cluster:member'
  readonly id: string
}

/** From the node: the list of that command is in force. */
export interface BlockedReport {
  readonly type: 'local-cluster:blocked'
  readonly seq: number
}

/** To the node: from now on these peer ids, and no others, are blocked. */
export interface BlockCommand {
  readonly type: 'local-cluster:block'
  readonly seq: number
  readonly ids: readonly string[]
}

export type Report = MemberReport | BlockedReport

/** The variable that carries the peer ids blocked from the first instant, as JSON. It also switches the preload on. */
export const BLOCKED_VARIABLE = 'LOCAL_CLUSTER_BLOCKED'

/** The diagnostics channel on which a program announces each member that it holds. */
export const MEMBERSHIP_CHANNEL = 'grapevine:membership'

/** The channel is shared with the program's own messages, which are none of our business. */
export function isReport(message: unknown): message is Report {
  if (!isObject(message)) return false
  if (message['type'] === 'local-cluster:member') return typeof message['id'] === 'string'
  return message['type'] === 'local-cluster:blocked' && typeof message['seq'] === 'number'
}

export function isBlockCommand(message: unknown): message is BlockCommand {
  if (!isObject(message) || message['type'] !== 'local-cluster:block') return false
  return typeof message['seq'] === 'number' && isIdList(message['ids'])
}

export function isIdList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((id) => typeof id === 'string')
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
