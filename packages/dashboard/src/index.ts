/**
 * A live picture of a cluster as Koa middleware: members and their states, who is linked to whom, splits, and
 * whether all hold the same. It moves by itself, and needs no build step and nothing of the cluster but a
 * {@link Source}.
 *
 * @example
 * ```ts
 * import Koa from 'koa'
 * import { dashboard, type Source } from '@grapevine/dashboard'
 *
 * const one = { id: 'a', name: 'node-1', state: 'alive', report: { kind: 'silent' } } as const
 * const source: Source = {
 *   read: async () => ({
 *     at: Date.now(),
 *     observer: { kind: 'member', id: 'a' },
 *     members: [one],
 *     links: [],
 *     contested: [],
 *     traffic: [],
 *     events: [],
 *   }),
 * }
 * const app = new Koa()
 * app.use(dashboard({ source, mode: 'production', guard: (ctx) => ctx.state['user']?.isOperator === true }))
 * app.listen(3000) // http://127.0.0.1:3000/dashboard
 * ```
 *
 * @packageDocumentation
 */

// The middleware
export { dashboard } from './dashboard.ts'
export type { DashboardOptions, Guard } from './config.ts'
export type { Frame, Framed } from './document.ts'

// What it asks of an app
export type {
  Alone,
  Answer,
  ClusterEvent,
  ContestedName,
  Health,
  MemberPicture,
  MemberState,
  Picture,
  Report,
  Source,
  Traffic,
  ClusterView,
} from './picture.ts'

// What happened, in sentences
export { createHistory } from './history/history.ts'
export type { Change, History } from './history/history.ts'
export { told } from './history/words.ts'
export type { Told } from './history/words.ts'
export type { Contest, Entry, Hearsay, Incident, Loss, Note, SideCount } from './history/incident.ts'

// How it stands, in sentences
export { adviceOf } from './model/advice.ts'
export type { Advice } from './model/advice.ts'
export { summaryOf } from './model/summary.ts'
export type { Severity, Summary } from './model/summary.ts'

// Errors
