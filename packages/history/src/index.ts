/**
 * What was done to a cluster, what its clients saw meanwhile, and what to make of it: faults drawn by a seed, a recorder, a judge
 * after Jepsen's `set-full`, a report to read first and a timeline to look at. It knows neither processes nor networks: of a
 * cluster only the methods of `FaultTarget`.
 *
 * @packageDocumentation
 */

// A nemesis
export { scheduleFaults, type ScheduledFault, type ScheduleOptions } from './nemesis/schedule.ts'
export { describeAction, type FaultAction, type FaultKind } from './nemesis/action.ts'
export { playFaults, type PlayOptions } from './nemesis/play.ts'
export { type PlayedFault } from './nemesis/played-fault.ts'
export { type FaultTarget } from './nemesis/fault-target.ts'
export { NemesisError, type NemesisFailure } from './nemesis/nemesis-error.ts'
export { seededRandom, type Random } from '@grapevine/simulation'

// What clients did
export { createRecorder, type Attempt, type Entry, type Outcome, type Recorder } from './history.ts'
export { type RegisterOperation, type SetOperation } from './history.ts'

// The judge
export { checkSet, type SetVerdict } from './judge/check-set.ts'
export { checkRegisters, type RegisterVerdict } from './judge/check-register.ts'
export { type Finding, type FindingKind, type Sighting } from './judge/finding.ts'
export { quantilesOf, showQuantiles, type Quantiles } from './judge/quantiles.ts'

// To read and to look at
export { reportSet, reportRegisters, type ReportOptions } from './report/report.ts'
export { drawTimeline, type Timeline } from './timeline/timeline.ts'
