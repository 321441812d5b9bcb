/**
 * Loaded into each node before its own program (`node --import preload.js entry.js`). It lets the process that started
 * the node cut and detour its links and set its clock wrong, and ends the node when that process is gone.
 *
 * The program itself knows nothing of tests: libp2p members are announced on a diagnostics channel, for whoever listens.
 */
import { subscribe } from 'node:diagnostics_channel'
import {
  membershipChannel,
  ordersVariable,
  isOrderCommand,
  isOrders,
  type NodeOrders,
  type Report,
} from '../ipc/control-protocol.ts'
import { checkAnnouncement, createMemberFilter } from './member-filter.ts'
import { installShiftedClock } from './shifted-clock.ts'
import { installSocketFilter } from './socket-filter.ts'

const serve = (orders: NodeOrders): void => {
  const members = createMemberFilter()
  const sockets = installSocketFilter((port) => report({ type: 'local-cluster:listening', port }))
  const clock = installShiftedClock()
  const obey = (next: NodeOrders): void => {
    members.block(next.peers)
    sockets.route(next.ports, next.detours)
    clock.shift(next.clockSkewMs)
  }

  obey(orders)
  subscribe(membershipChannel, (message) => {
    checkAnnouncement(message)
    members.admit(message)
    report({ type: 'local-cluster:member', id: message.id })
  })
  process.on('message', (message) => {
    if (!isOrderCommand(message)) return
    obey(message.orders)
    report({ type: 'local-cluster:obeyed', seq: message.seq })
  })
  // The process that started this one is gone: nobody else would end it.
  process.on('disconnect', () => process.exit(1))
  // The channel alone must not keep a program running that has nothing more to do.
  process.channel?.unref()
}

const report = (message: Report): void => {
  process.send?.(message)
}

const parseOrders = (json: string): NodeOrders => {
  const orders: unknown = JSON.parse(json)
  if (!isOrders(orders)) throw new TypeError(`${ordersVariable}: not the orders for a node`)
  return orders
}

const initial = process.env[ordersVariable]
// Workers and forks of the program load this file too, with their flags inherited. Only the node itself is meant.
delete process.env[ordersVariable]
if (initial !== undefined && process.channel !== undefined) serve(parseOrders(initial))
