import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { servedInstance } from '../testing/served-instance.ts'
import { databaseMetrics } from './database.ts'

const isInstalled = spawnSync('promtool', ['--version']).status === 0
if (!isInstalled)
  process.stdout.write("SKIPPED: promtool's checks, for it is not installed (Debian: prometheus)\n")

const deploy = new URL('../../../../deploy/', import.meta.url)
const read = (name: string): string => readFileSync(new URL(name, deploy), 'utf8')
const at = (name: string): string => fileURLToPath(new URL(name, deploy))

/** With those of a database, which are there where one is set. */
const rendered = async (): Promise<string> => {
  const { browser } = await servedInstance()
  const register = new Registry()
  const status = { state: 'up', isLoaded: true, pending: 0, refused: 0, differing: 0 } as const
  databaseMetrics(register, { database: { status: () => status } })
  return `${(await browser().get('/metrics')).text}${await register.metrics()}`
}

const namesOf = (metrics: string): ReadonlySet<string> =>
  new Set(
    [...metrics.matchAll(/^# TYPE (\w+) (\w+)/gm)].flatMap(([, name = '', type]) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  )

const askedBy = (text: string): readonly string[] =>
  [...text.matchAll(/\b(?:grapevine|nodejs|process)_[a-z0-9_]+/g)].map(([name]) => name)

test('alerts and the dashboard ask only for metrics that a node has', async () => {
  const names = namesOf(await rendered())
  const expressions = [...read('prometheus-alerts.yaml').matchAll(/^ +expr: (.*)$/gm)].map(
    ([, expr = '']) => expr,
  )
  expect(expressions.length).toBeGreaterThan(10)
  const dashboard = askedBy(read('grafana-dashboard.json'))
  expect(dashboard.length).toBeGreaterThan(10)
  expect([...expressions.flatMap(askedBy), ...dashboard].filter((name) => !names.has(name))).toEqual([])
})

test.runIf(isInstalled)('promtool finds nothing to complain of in the metrics of a node', async () => {
  const { status, stderr, stdout } = spawnSync('promtool', ['check', 'metrics'], { input: await rendered() })
  expect([String(stdout), String(stderr), status]).toEqual(['', '', 0])
})

test.runIf(isInstalled)(
  'every alert fires for the node that is broken, after its time, and for no other',
  () => {
    const said = execFileSync('promtool', ['test', 'rules', at('prometheus-alerts.test.yaml')], {
      encoding: 'utf8',
    })
    expect(said).toContain('SUCCESS')
    const alerts = [...read('prometheus-alerts.yaml').matchAll(/- alert: (\w+)/g)].map(([, name]) => name)
    const tested = new Set(
      [...read('prometheus-alerts.test.yaml').matchAll(/alertname: (\w+)/g)].map(([, name]) => name),
    )
    expect(alerts.filter((name) => !tested.has(name))).toEqual([])
  },
)
