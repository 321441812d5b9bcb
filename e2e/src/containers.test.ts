import { fileURLToPath } from 'node:url'
import { eventually, type BrowserNode } from '@grapevine/local-cluster'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { missing, startEngine, type Engine } from './containers/engine.ts'
import { report } from './matrix.ts'
import { person, signUp, tryLogin } from './people/person.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const why = missing()
if (why !== undefined) process.stdout.write(`SKIPPED: containers, for ${why}\n`)

const image = 'grapevine-budget'
const secret = 'a-secret-for-containers-of-a-test'
const replicas = 5

let engine: Engine
beforeAll(async () => {
  if (why !== undefined) return
  engine = await startEngine()
  const since = performance.now()
  await engine.docker('build', '--network', 'host', '-t', image, root)
  const size = Number(await engine.docker('image', 'inspect', '-f', '{{.Size}}', image))
  const base = Number(await engine.docker('image', 'inspect', '-f', '{{.Size}}', 'node:22-slim'))
  const [all, ours] = [size, size - base].map((bytes) => Math.round(bytes / 1_000_000))
  report(
    'image',
    `built in ${Math.round((performance.now() - since) / 1_000)} s; ${all} MB, ${ours} MB without its base`,
  )
})
afterAll(() => engine?.[Symbol.asyncDispose]())

/** An instance by the address of its container. */
const at = async (container: string): Promise<BrowserNode> => {
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}'
  const url = `http://${await engine.docker('inspect', '-f', format, container)}:3000`
  return {
    url,
    fetch: (path, init = {}) => {
      const headers = new Headers(init.headers)
      headers.set('connection', 'close')
      return fetch(url + path, { redirect: 'manual', signal: AbortSignal.timeout(10_000), ...init, headers })
    },
  }
}

const isReady = async (container: string): Promise<void> => {
  const { status } = await (await at(container)).fetch('/readyz')
  expect(status).toBe(200)
}

const untilReady = (container: string): Promise<void> =>
  eventually(() => isReady(container), { within: 90_000, every: 50 }).catch(async (error: unknown) => {
    throw new Error(await engine.docker('logs', container), { cause: error })
  })

const started = async (...words: readonly string[]): Promise<string> =>
  engine.docker(
    'run',
    '-d',
    '--read-only',
    '--cap-drop',
    'ALL',
    '-e',
    `CLUSTER_SECRET=${secret}`,
    ...words,
    image,
  )

interface MemberLine {
  readonly name: string
  readonly state: string
}

/** What the command line says in a container. */
const membersIn = async (container: string): Promise<readonly MemberLine[]> => {
  const said: unknown = JSON.parse(await engine.docker('exec', container, 'grapevine', 'members', '--json'))
  const members: unknown = Array.isArray(said) ? said : Reflect.get(Object(said), 'members')
  return members as readonly MemberLine[]
}

describe.skipIf(why !== undefined)('the image', () => {
  test('is ready, healthy and answers its command line with a file system that is read-only', async () => {
    const since = performance.now()
    const container = await started()
    await untilReady(container)
    report('container', `ready ${Math.round(performance.now() - since)} ms after docker run, alone`)
    expect(await membersIn(container)).toHaveLength(1)
    await eventually(
      async () => {
        expect(await engine.docker('inspect', '-f', '{{.State.Health.Status}}', container)).toBe('healthy')
      },
      { within: 60_000, every: 500 },
    )
    await engine.docker('stop', '-t', '20', container)
    expect(await engine.docker('inspect', '-f', '{{.State.ExitCode}}', container)).toBe('0')
    await engine.docker('rm', '-v', container)
  })

  test('runs as any user in the group 0, and later as another, on the same volume', async () => {
    await engine.docker('volume', 'create', 'of-any-user')
    for (const uid of [1_000_620_000, 1_000_730_000]) {
      const container = await started('-u', `${uid}:0`, '-v', 'of-any-user:/data')
      await untilReady(container)
      expect(await membersIn(container)).toHaveLength(1)
      await engine.docker('stop', '-t', '20', container)
      await engine.docker('rm', container)
    }
  })
})

const project = ['-p', 'budget', '--project-directory', root, '-f', `${root}compose.yaml`]
const compose = (...words: readonly string[]): Promise<string> =>
  engine.compose({ CLUSTER_SECRET: secret }, ...project, ...words)
const up = (...words: readonly string[]): Promise<string> =>
  compose('up', '-d', '--no-build', '--scale', `app=${replicas}`, ...words)

const running = async (): Promise<readonly string[]> =>
  (await engine.docker('ps', '-q', '--filter', 'label=com.docker.compose.project=budget'))
    .split('\n')
    .filter(Boolean)

interface Seen {
  readonly view: string
  readonly digest: string
  readonly members: readonly MemberLine[]
}

const seenBy = async (container: string): Promise<Seen> => {
  const answer = await (await at(container)).fetch('/cluster.json')
  return JSON.parse(await answer.text())
}

/** All replicas run, see each other and nobody else, and hold the same. */
const untilWhole = async (): Promise<readonly string[]> =>
  eventually(
    async () => {
      const containers = await running()
      expect(containers).toHaveLength(replicas)
      const all = await Promise.all(containers.map(seenBy))
      for (const { view, members } of all) {
        expect(view).toBe('whole')
        expect(members.filter(({ state }) => state === 'alive')).toHaveLength(replicas)
      }
      expect(new Set(all.map(({ digest }) => digest)).size).toBe(1)
      return containers
    },
    { within: 90_000, every: 200 },
  )

const opensEverywhere = async (containers: readonly string[], name: string): Promise<void> => {
  for (const container of containers)
    expect([container, (await tryLogin(await at(container), person(name))).status]).toEqual([container, 302])
}

const timed = async (work: () => Promise<unknown>): Promise<string> => {
  const since = performance.now()
  await work()
  return `${((performance.now() - since) / 1_000).toFixed(1)} s`
}

describe.skipIf(why !== undefined)('docker compose up --scale app=5', () => {
  test('five members find each other by their name, and each is asked by its own command line', async () => {
    const started = await timed(() => up())
    const whole = await timed(untilWhole)
    report('compose', `five containers up in ${started}, whole ${whole} later`)
    const containers = await running()
    const [first = ''] = containers
    await signUp(await at(first), person('ada'))
    await opensEverywhere(containers, 'ada')
    for (const container of containers) {
      const members = await membersIn(container)
      expect(members.map(({ state }) => state)).toEqual(Array.from({ length: replicas }, () => 'alive'))
    }
  })

  test('a container that loses its network is missed, and comes back with what was written on both sides', async () => {
    const [cut = '', ...others] = await running()
    const [other = ''] = others
    const missed = await timed(async () => {
      await engine.docker('network', 'disconnect', 'budget_default', cut)
      await eventually(
        async () =>
          expect((await seenBy(other)).members.filter(({ state }) => state === 'alive')).toHaveLength(
            replicas - 1,
          ),
        { within: 30_000 },
      )
    })
    await signUp(await at(other), person('grace'))
    const healed = await timed(async () => {
      await engine.docker('network', 'connect', '--alias', 'app', 'budget_default', cut)
      await untilWhole()
    })
    report('compose', `docker network disconnect missed after ${missed}; whole ${healed} after connect`)
    await opensEverywhere([cut, other], 'grace')
  })

  test('one that is killed and replaced is the same member again', async () => {
    const [victim = ''] = await running()
    const before = await membersIn(victim)
    await engine.docker('kill', victim)
    await engine.docker('rm', victim)
    await up()
    const containers = await untilWhole()
    const [one = ''] = containers
    // Its slot was free, with its key: nobody is known to be down.
    expect(await membersIn(one)).toHaveLength(before.length)
    await opensEverywhere(containers, 'ada')
  })

  test('all recreated at once, and down and up again: whoever signed up is there', async () => {
    await up('--force-recreate')
    await opensEverywhere(await untilWhole(), 'grace')
    await compose('down')
    expect(await running()).toEqual([])
    await up()
    const containers = await untilWhole()
    await opensEverywhere(containers, 'ada')
    const [one = ''] = containers
    expect(await membersIn(one)).toHaveLength(replicas)
    await compose('down', '-v')
  })
})
