/**
import { InvalidOptionError } from '@grapevine/std'
 * Partition tests for Node.js programs on real processes: start a few nodes of a program, cut the links between them,
 * heal them, kill, pause and restart them, and ask over HTTP what they make of it.
 *
 * ```ts
 * await using cluster = await startCluster({ entry: 'server.js', nodes: 3 })
 * const [one, two] = [cluster.node('node-1'), cluster.node('node-2')]
 *
 * await cluster.partition([[one], [two, 'node-3']])
 * await browser(one).submit('/signup', { username: 'ada', password: 'correct horse' })
 * await cluster.heal()
 * await eventually(async () => expect(await two.json('/users')).toContain('ada'), { within: 3_000 })
 * ```
 *
 * @packageDocumentation
 */

// Clusters
export { startCluster, type Cluster } from './cluster.ts'
export { type ClusterNode } from './cluster-node.ts'
export { type NodeHttp } from './http/node-http.ts'
export { type NodeRef } from './cluster-nodes.ts'
export { type Faults } from './faults/faults.ts'
export {
  type FlapTimes,
  type LinksRef,
  type OnLinks,
  type Rates,
  type Share,
} from './faults/fault-options.ts'
export { type DriverName } from './faults/fault-driver.ts'
export { probeNamespaces, type NamespacesProbe } from './network/namespaces/probe.ts'
export { type ProcessState, type StopOutcome } from './process/node-process.ts'
export { type ProcessExit } from './process/exit-note.ts'

// Options
export { type ClusterOptions, type FixedPlace } from './config.ts'
export { type FaultsOption } from './faults/driver-choice.ts'
export { type NodeEnv, type NodePlace } from './config.ts'

// Asking and waiting
export { browser, type Browser, type BrowserNode, type Page } from './http/browser.ts'
export { type RequestOptions, type SubmitOptions } from './http/browser.ts'
export { eventually, type EventuallyOptions } from './test-runners/eventually.ts'
export { type Clock } from '@grapevine/std'

// A nemesis, and histories, judged
export { describeAction, playFaults, scheduleFaults, seededRandom, NemesisError } from '@grapevine/history'
export type { FaultAction, FaultKind, PlayedFault, PlayOptions, Random } from '@grapevine/history'
export type { ScheduledFault, ScheduleOptions } from '@grapevine/history'
export { checkRegisters, checkSet, createRecorder, quantilesOf, showQuantiles } from '@grapevine/history'
export { drawTimeline, reportRegisters, reportSet } from '@grapevine/history'
export type { Attempt, Entry, Outcome, Recorder, RegisterOperation, SetOperation } from '@grapevine/history'
export type { Finding, FindingKind, RegisterVerdict, SetVerdict, Sighting } from '@grapevine/history'
export type { Quantiles, ReportOptions, Timeline } from '@grapevine/history'

// What a program announces to be partitioned
export { membershipChannel } from './ipc/control-protocol.ts'
export { type Announcement, type ConnectionLike, type GaterLike } from './preload/member-filter.ts'
export { type Libp2pLike, type PeerIdLike } from './preload/member-filter.ts'

// Errors
export { InvalidOptionError } from '@grapevine/std'
export { AnswerError, ClusterStoppedError, FaultTimeoutError, NamespacesUnavailableError } from './errors.ts'
export { NodeStartError, NodeStateError, NotBuiltError, NotEventuallyError, PageError } from './errors.ts'
export { ReaperError, SystemCommandError, UnknownNodeError, UnsupportedFaultError } from './errors.ts'
