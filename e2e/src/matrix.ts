import { appendFileSync } from 'node:fs'
import { randomInt } from 'node:crypto'
import { probeNamespaces, seededRandom, type Cluster } from '@grapevine/local-cluster'
import { showLogsOnFailure } from '@grapevine/local-cluster/vitest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSignUps, type SignUps } from './people/sign-ups.ts'

/** A row of the fault matrix. */
export interface Row {
  /** Such as F1. */
  readonly id: string
  readonly claim: string
  /** How long its fault lasts, in milliseconds, if that is minutes. @default 0 */
  readonly lasts?: number
  /** Does it and checks it. Resolves to its figures, in words. */
  readonly run: (stage: Stage) => Promise<string>
}

/** What a row plays on. */
export interface Stage {
  readonly cluster: Cluster
  /** Of all rows on this cluster: who was acknowledged in an earlier one must still be there. */
  readonly signUps: SignUps
  /** From 0 to below 1; comes again for the same seed. */
  readonly random: () => number
}

export const seed: number = Number(process.env['SEED'] ?? randomInt(2 ** 32))

/** The rows that are played here; the others of the matrix are tests of their own. */
const ids =
  'F1 F2 F3 F4 F6 F7 F9 F10 F12 F13 F14 F15 F16 F17 F18 F19 F22 F23 D1 D3 D4 D5 D6 E1 E2 E3 H1 H2 H3 H4 H5 H6 H7 H8 K1 K2 K3 K4 K5 N4 N5 W13 V1 V3 P1 P2 P3 P4 P5 P6 P8 P9 L1 L4 L6'.split(
    ' ',
  )

/** Only these rows, such as `ROWS=F1,F13`. */
const asked = process.env['ROWS']?.split(',')
for (const id of asked ?? [])
  if (!ids.includes(id)) throw new Error(`ROWS: got ${id}, allowed are ${ids.join(', ')}`)
export const isAsked = (id: string): boolean => asked === undefined || asked.includes(id)

/** Whether packets can be dropped on this machine; if not, that is said once for each file. */
export const packetsCanBeDropped = async (rows: string): Promise<boolean> => {
  const probe = await probeNamespaces()
  if (probe.kind === 'impossible') process.stdout.write(`SKIPPED ${rows}: ${probe.why}\n`)
  return probe.kind === 'possible'
}

/** Longer than any lane takes, long faults aside: a test of a row waits for those before it. */
const laneTimeout = 600_000

/** Rows that share one cluster, one after the other. */
export interface Lane {
  readonly name: string
  readonly start: () => Promise<Cluster>
  readonly rows: readonly Row[]
}

/**
 * Plays lanes at the same time, as most rows only wait, and makes a test of each row. A row that fails does not keep the
 * next from being played, on a healed cluster.
 */
export const lanes = (...all: readonly Lane[]): void => {
  const results: Results = new Map()
  const clusters: Cluster[] = []

  beforeAll(async () => {
    await Promise.all(
      all.map(async ({ name, start, rows }) => {
        const played = rows.filter(({ id }) => isAsked(id))
        if (played.length === 0) return
        const cluster = await start()
        clusters.push(cluster)
        play(played, { cluster, signUps: createSignUps(name) }, results)
      }),
    )
  }, 120_000)
  afterAll(() => Promise.all(clusters.map((cluster) => cluster.stop())))

  for (const { id, claim, lasts = 0 } of all.flatMap(({ rows }) => rows)) {
    test.runIf(isAsked(id))(`${id}: ${claim}`, { timeout: laneTimeout + lasts }, async () => {
      const played = results.get(id)
      if (played !== undefined) showLogsOnFailure(played.cluster)
      const figures = await played?.figures
      expect(figures, 'the row was not played').toBeTypeOf('string')
      report(id, `${figures ?? ''} SEED=${seed}`)
    })
  }
}

type Results = Map<string, { readonly cluster: Cluster; readonly figures: Promise<string> }>

const play = (rows: readonly Row[], stage: Omit<Stage, 'random'>, results: Results): void => {
  let before: Promise<unknown> = Promise.resolve()
  for (const row of rows) {
    const result = before.then(() => row.run({ ...stage, random: seededRandom(seedOf(row.id)) }))
    results.set(row.id, { cluster: stage.cluster, figures: result })
    // A cluster that cannot be healed fails the rows after this one. How this one went, its own test tells.
    before = result.catch(() => undefined).then(() => stage.cluster.heal())
  }
  before.catch((error: unknown) => process.stdout.write(`the last heal failed: ${String(error)}\n`))
}

/** The same for a row whichever others are played. */
const seedOf = (id: string): number =>
  [...Buffer.from(id)].reduce((sum, byte) => (sum * 31 + byte) % 2 ** 32, seed)

/** On the standard output, and into the file that `MATRIX_FILE` names. */
export const report = (id: string, figures: string): void => {
  const line = `ROW ${id}: ${figures}\n`
  process.stdout.write(line)
  const file = process.env['MATRIX_FILE']
  if (file !== undefined) appendFileSync(file, line)
}

export const ms = (time: number): string => `${Math.round(time)} ms`
