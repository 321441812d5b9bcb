/** What this process and the preload in a node say to each other over the IPC channel of the node's process. */

/** Everything that the preload is to do to its process. Each order takes the place of the one before it. */
export interface NodeOrders {
  /** Peer ids of libp2p members that must not be talked to. */
  readonly peers: readonly string[]
  /** Ports of this machine that must not be connected to. */
  readonly ports: readonly number[]
  /** Port → the port of a proxy that stands before it. */
  readonly detours: Readonly<Record<string, number>>
  /** Added to what the clock says, in milliseconds. */
  readonly clockSkewMs: number
}

export const noOrders: NodeOrders = { peers: [], ports: [], detours: {}, clockSkewMs: 0 }

/** From the node: a member with this peer id lives in this process. */
export interface MemberReport {
  readonly type: 'local-cluster:member'
  readonly id: string
}

/** From the node: this process listens on that TCP port. */
export interface ListeningReport {
  readonly type: 'local-cluster:listening'
  readonly port: number
}

/** From the node: the orders with that number are in force. */
export interface ObeyedReport {
  readonly type: 'local-cluster:obeyed'
  readonly seq: number
}

export interface OrderCommand {
  readonly type: 'local-cluster:orders'
  readonly seq: number
  readonly orders: NodeOrders
}

export type Report = MemberReport | ListeningReport | ObeyedReport

/** The variable that carries the orders in force from the first instant, as JSON. It also switches the preload on. */
export const ordersVariable = 'LOCAL_CLUSTER_ORDERS'

/** The diagnostics channel on which a program announces each member that it holds. */
export const membershipChannel = 'grapevine:membership'

/** The channel is shared with the program's own messages, which are none of our business. */
export const isReport = (message: unknown): message is Report => {
  if (!isObject(message)) return false
  if (message['type'] === 'local-cluster:member') return typeof message['id'] === 'string'
  if (message['type'] === 'local-cluster:listening') return typeof message['port'] === 'number'
  return message['type'] === 'local-cluster:obeyed' && typeof message['seq'] === 'number'
}

export const isOrderCommand = (message: unknown): message is OrderCommand => {
  if (!isObject(message) || message['type'] !== 'local-cluster:orders') return false
  return typeof message['seq'] === 'number' && isOrders(message['orders'])
}

export const isOrders = (value: unknown): value is NodeOrders => {
  if (!isObject(value)) return false
  const { peers, ports, detours, clockSkewMs } = value
  return (
    isListOf('string', peers) &&
    isListOf('number', ports) &&
    isObject(detours) &&
    isListOf('number', Object.values(detours)) &&
    typeof clockSkewMs === 'number'
  )
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

const isListOf = (type: 'string' | 'number', value: unknown): boolean =>
  Array.isArray(value) && value.every((item) => typeof item === type)
