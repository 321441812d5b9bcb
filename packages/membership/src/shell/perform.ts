import { dial } from '../network/dial.ts'
import { logNotices, nameOf } from './notices.ts'
import type { Log } from '@grapevine/std'
import type { Effect, MembershipEvent } from '../core/state/effect.ts'
import type { Attempts } from '../discovery/report.ts'
import type { Links } from '../network/links.ts'
import type { Libp2pNode } from '../network/node.ts'
import type { Emitter } from './emitter.ts'
import type { Upgrading } from './upgrade.ts'
import type { CoreRunner } from './core-runner.ts'

export interface PerformContext {
  readonly protocol: CoreRunner
  readonly node: Libp2pNode
  readonly links: Links
  readonly events: Emitter
  readonly upgrade: Upgrading
  readonly attempts: Attempts
  readonly log: Log
  /** Monotonic, in milliseconds. */
  readonly now: () => number
  /** Ends what is dialled. */
  readonly signal: AbortSignal
}

/** Does what the core decides: sends, dials and hangs up, and tells the application and its log. */
export const performer = (context: PerformContext): ((effect: Effect) => void) => {
  const { protocol, node, links, events, upgrade, attempts, log, now, signal } = context
  const tell = logNotices(
    log,
    () => protocol.state.self,
    (member) => nameOf(protocol.state, member),
    now,
  )
  const dialOne = async (effect: Extract<Effect, { type: 'dial' }>): Promise<void> => {
    const outcome = await dial(node, effect, signal, log, attempts)
    protocol.handle({ type: 'dialled', target: effect.target, outcome })
  }
  return (effect) => {
    switch (effect.type) {
      case 'send':
        return links.send(effect.to, effect.message)
      case 'hangUp':
        return links.hangUp(effect.peer, effect.flush)
      case 'dial':
        return void dialOne(effect)
      case 'keep':
        return void upgrade.keep(effect.version)
      case 'notify':
        return tell(effect.notice)
      case 'emit':
        logEvent(log, effect.event)
        return events.emit(effect.event)
    }
  }
}

const levels: Readonly<Partial<Record<MembershipEvent['type'], 'warn' | 'debug'>>> = {
  'member:down': 'warn',
  'member:linked': 'debug',
  'member:unlinked': 'debug',
}

const logEvent = (log: Log, { type, member: { id, name } }: MembershipEvent): void =>
  log[levels[type] ?? 'info']({ member: id, name }, type)
