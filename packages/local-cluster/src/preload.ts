/**
 * Loaded into each node before its own program (`node --import preload.js entry.js`). It lets the process that started
 * the node cut the links of the members in it, and ends the node when that process is gone.
 *
 * The program itself knows nothing of tests: it announces its members on a diagnostics channel, for whoever listens.
 */
import { subscribe } from 'node:diagnostics_channel'
import {
  BLOCKED_VARIABLE,
  MEMBERSHIP_CHANNEL,
  isBlockCommand,
  isIdList,
  type Report,
} from './control-protocol.ts'
import { checkAnnouncement, createMemberGate } from './member-gate.ts'

const initial = process.env[BLOCKED_VARIABLE]
// Workers and forks of the program load this file too, with their flags inherited. Only the node itself is meant.
delete process.env[BLOCKED_VARIABLE]
if (initial !== undefined && process.channel !== undefined) obey(parseIds(initial))

function obey(blocked: readonly string[]): void {
  const gate = createMemberGate(blocked)

  subscribe(MEMBERSHIP_CHANNEL, (message) => {
    checkAnnouncement(message)
    gate.admit(message)
    report({ type: 'local-cluster:member', id: message.id })
  })
  process.on('message', (message) => {
    if (!isBlockCommand(message)) return
    gate.block(message.ids)
    report({ type: 'local-cluster:blocked', seq: message.seq })
  })
  // The process that started this one is gone: nobody else would end it.
  process.on('disconnect', () => process.exit(1))
  // The channel alone must not keep a program running that has nothing more to do.
  process.channel?.unref()
}

function report(message: Report): void {
  process.send?.(message)
}

function parseIds(json: string): readonly string[] {
  const ids: unknown = JSON.parse(json)
  if (!isIdList(ids)) throw new TypeError(`${BLOCKED_VARIABLE}: must be a JSON array of peer ids`)
  return ids
}
