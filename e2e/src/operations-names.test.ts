import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { eventually, type Cluster } from '@grapevine/local-cluster'
import { showLogsOnFailure } from '@grapevine/local-cluster/vitest'
import { describe, expect, onTestFinished, test } from 'vitest'
import { budgetEntry, budgetEnv, everyNodeSees, status } from './cluster/budget-cluster.ts'
import { packetsCanBeDropped } from './matrix.ts'
import { ipv6Pair } from './name-lookup/ipv6-pair.ts'
import { run } from './proxies/running.ts'
import { startNamed, type NamedCluster } from './name-lookup/named-cluster.ts'

const hasNamespaces = await packetsCanBeDropped('N1, N2')

const call = promisify(execFile)

/** As a pod has it. */
const ofPod = (gateway: string): string =>
  `nameserver ${gateway}\nsearch default.svc.cluster.local svc.cluster.local cluster.local\noptions ndots:5\n`

const plain = (gateway: string): string => `nameserver ${gateway}\noptions timeout:1 attempts:1\n`

const becomesOne = async ({ cluster }: NamedCluster, within = 60_000): Promise<void> => {
  showLogsOnFailure(cluster)
  await everyNodeSees(cluster.nodes, cluster.nodes.length, within)
  for (const node of cluster.nodes) expect((await status(node)).view).toBe('whole')
}

const said = (cluster: Cluster): string => cluster.nodes.flatMap(({ log }) => log).join('\n')

describe.skipIf(!hasNamespaces)('N1: names are looked up as the system does it', () => {
  test('a short name, of which the name server knows only the full one', async () => {
    await using named = await startNamed({
      nodes: 2,
      resolvConf: ofPod,
      records: (hosts) => (name) =>
        name === 'grapevine-members.default.svc.cluster.local' ? hosts : undefined,
      env: () => ({ CLUSTER_DISCOVERY: 'dns:grapevine-members' }),
    })
    await becomesOne(named)
    expect(said(named.cluster)).not.toContain('no other member')
  })

  test('a name that is only in the hosts file', async () => {
    await using named = await startNamed({
      nodes: 2,
      resolvConf: plain,
      records: () => () => undefined,
      hostsFile: (hosts) => hosts.map((host) => `${host} grapevine\n`).join(''),
      env: () => ({ CLUSTER_DISCOVERY: 'dns:grapevine' }),
    })
    await becomesOne(named)
    expect((await status(named.cluster.node(0))).links).toHaveLength(1)
  })

  test('a name server that is dead at first: not ready and said meanwhile, linked once resolv.conf names another', async () => {
    await using named = await startNamed({
      nodes: 2,
      // Nobody is there.
      resolvConf: (gateway) => plain(gateway.replace(/\d+$/, '250')),
      records: (hosts) => (name) => (name === 'grapevine' ? hosts : undefined),
      env: () => ({ CLUSTER_DISCOVERY: 'dns:grapevine', READY_ALONE_AFTER: 'never' }),
      ready: '/healthz',
    })
    const [one] = named.cluster.nodes
    await eventually(
      () =>
        expect(said(named.cluster)).toMatch(
          /no other member of cluster .+ is linked after 1\d s: dns:grapevine: no answer/,
        ),
      { within: 40_000 },
    )
    expect((await one?.fetch('/readyz'))?.status).toBe(503)
    await named.setResolvConf(plain(named.gateway))
    await becomesOne(named)
    await eventually(async () => expect((await one?.fetch('/readyz'))?.status).toBe(200), { within: 10_000 })
  })
})

describe.skipIf(!hasNamespaces)('N1: a network that has nothing but IPv6', () => {
  test('what the image sets is enough to be reached, and to be linked', async () => {
    await using pair = await ipv6Pair()
    const folder = await mkdtemp(join(tmpdir(), 'six-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const hosts = join(folder, 'hosts')
    await writeFile(hosts, pair.nodes.map(({ address }) => `${address} app\n`).join(''))
    const { CLUSTER_LISTEN: _listen, ...shared } = budgetEnv()
    const programs = await Promise.all(
      pair.nodes.map(({ namespace }) =>
        run(
          'ip',
          [
            'netns',
            'exec',
            namespace,
            'sh',
            '-c',
            'mount --bind "$OWN_HOSTS" /etc/hosts && exec "$@"',
            'sh',
            process.execPath,
            budgetEntry,
          ],
          {
            ...shared,
            // As the Dockerfile has it.
            NODE_ENV: 'production',
            PORT: '3000',
            DATA_DIR: join(folder, namespace),
            NODE_NAME: namespace,
            CLUSTER_DISCOVERY: 'dns:app',
            OWN_HOSTS: hosts,
            PATH: process.env['PATH'] ?? '',
          },
        ),
      ),
    )
    onTestFinished(
      async () => void (await Promise.all(programs.map((program) => program[Symbol.asyncDispose]()))),
    )
    const [one, two] = pair.nodes
    const ask = `fetch('http://[${one?.address}]:3000/readyz').then(async (answer) => console.log(answer.status, await answer.text()))`
    await eventually(
      async () => {
        const { stdout } = await call('ip', [
          'netns',
          'exec',
          two?.namespace ?? '',
          process.execPath,
          '-e',
          ask,
        ])
        expect(stdout, programs[0]?.said()).toMatch(/^200 /)
        expect(programs[0]?.said()).toMatch(/"member:up"/)
      },
      { within: 60_000, every: 500 },
    )
  })
})

describe.skipIf(!hasNamespaces)('N2: seeds that are not one member', () => {
  test('a name that stands for all members, the own address first', async () => {
    await using named = await startNamed({
      nodes: 3,
      resolvConf: plain,
      records: (hosts) => (name, asker) =>
        name === 'app' ? [asker, ...hosts.filter((host) => host !== asker)] : undefined,
      env: (_gateway, { host }) => ({
        CLUSTER_SEEDS: 'app:4100',
        CLUSTER_DISCOVERY: 'seeds',
        CLUSTER_LISTEN: `/ip4/${host}/tcp/4100`,
      }),
    })
    await becomesOne(named)
    expect((await status(named.cluster.node(0))).links).toHaveLength(2)
  })

  test('a balancer that sends whoever asks first to itself', async () => {
    let balancer: Promise<Server> | undefined
    await using named = await startNamed({
      nodes: 3,
      resolvConf: plain,
      records: () => () => undefined,
      env: (gateway, { host }) => {
        balancer ??= startBalancer(gateway)
        return {
          CLUSTER_SEEDS: `${gateway}:4200`,
          CLUSTER_DISCOVERY: 'seeds',
          CLUSTER_LISTEN: `/ip4/${host}/tcp/4100`,
        }
      },
    })
    onTestFinished(async () => void (await balancer)?.close())
    await becomesOne(named)
    expect((await status(named.cluster.node(0))).links).toHaveLength(2)
  })
})

/** Whoever has asked is among those that it sends to, and the first is sent to itself. */
const startBalancer = async (gateway: string): Promise<Server> => {
  const members: string[] = []
  let turn = 0
  const server = createServer((inbound) => {
    const asker = inbound.remoteAddress ?? ''
    if (!members.includes(asker)) members.push(asker)
    const outbound = connect(4100, members[(turn += 1) % members.length])
    inbound.on('error', () => outbound.destroy())
    outbound.on('error', () => inbound.destroy())
    inbound.pipe(outbound).pipe(inbound)
  }).listen(4200, gateway)
  await once(server, 'listening')
  return server
}
