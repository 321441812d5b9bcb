import { execFile } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { eventually } from '@grapevine/local-cluster'
import { programAt, run, type RunningProgram } from '../proxies/running.ts'
import { baseTar, certificates } from './base-image.ts'

const call = promisify(execFile)

/** An engine of the test's own: its images are kept for the next run, its containers are not. */
export interface Engine extends AsyncDisposable {
  docker(...args: readonly string[]): Promise<string>
  compose(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<string>
}

/** What is missing here, in words; `undefined` if containers can be run. */
export const missing = (): string | undefined => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'it takes root on Linux'
  const absent = ['dockerd', 'docker', 'docker-compose', 'debootstrap'].filter(
    (name) => programAt(name) === undefined,
  )
  return absent.length === 0 ? undefined : `${absent.join(', ')} not installed`
}

const kept = process.env['CONTAINERS_DIR'] ?? '/var/tmp/grapevine-containers'
const longest = { timeout: 600_000, maxBuffer: 64 * 1024 * 1024 }

export const startEngine = async (): Promise<Engine> => {
  const putBack = await keepPacketFilters()
  await mkdir(kept, { recursive: true })
  const exec = await mkdtemp(join(tmpdir(), 'engine-'))
  const socket = `unix://${exec}/docker.sock`
  const args = ['--data-root', join(kept, 'data'), '--exec-root', exec, '--pidfile', join(exec, 'docker.pid')]
  // Networks of its own need no address of another world: so nothing of the machine's packet filters is touched.
  const quiet = ['--iptables=false', '--ip6tables=false', '--ip-masq=false', '--storage-driver', 'overlay2']
  const daemon = await run('dockerd', [...args, ...quiet, '-H', socket], { PATH: process.env['PATH'] ?? '' })
  const env = { PATH: process.env['PATH'], HOME: exec, DOCKER_HOST: socket, DOCKER_BUILDKIT: '0' }
  const docker = async (...words: readonly string[]): Promise<string> =>
    (await call(programAt('docker') ?? 'docker', words, { ...longest, env })).stdout.trim()
  const compose = async (
    extra: Readonly<Record<string, string>>,
    ...words: readonly string[]
  ): Promise<string> => {
    const { stdout, stderr } = await call('docker-compose', words, { ...longest, env: { ...env, ...extra } })
    return stdout + stderr
  }
  const end = async (): Promise<void> => {
    await stop(daemon, docker)
    await putBack()
    // The engine leaves what it mounted.
    await call('umount', [join(exec, 'netns/default')]).catch(() => undefined)
    await rm(exec, { recursive: true, force: true })
  }
  try {
    await eventually(() => docker('version'), { within: 60_000, every: 200 }).catch((error: unknown) => {
      throw new Error(daemon.said(), { cause: error })
    })
    await importBase(docker)
  } catch (error) {
    await end()
    throw error
  }
  return { docker, compose, [Symbol.asyncDispose]: end }
}

const importBase = async (docker: Engine['docker']): Promise<void> => {
  if ((await docker('images', '-q', 'node:22-slim')) !== '') return
  const trust = `ENV NODE_EXTRA_CA_CERTS=${certificates}`
  await docker(
    'import',
    '--change',
    trust,
    '--change',
    'ENV PATH=/usr/local/bin:/usr/bin:/bin',
    await baseTar(kept),
    'node:22-slim',
  )
}

/** Containers, volumes and networks of this run. */
const stop = async (daemon: RunningProgram, docker: Engine['docker']): Promise<void> => {
  const containers = await docker('ps', '-aq').catch(() => '')
  if (containers !== '') await docker('rm', '-f', '-v', ...containers.split('\n')).catch(() => undefined)
  await docker('volume', 'prune', '-f').catch(() => undefined)
  await docker('network', 'prune', '-f').catch(() => undefined)
  await daemon[Symbol.asyncDispose]()
}

/** An engine may drop what is forwarded, and have bridges ask the packet filter: other tests have bridges too. */
const keepPacketFilters = async (): Promise<() => Promise<void>> => {
  const bridgeAsks = '/proc/sys/net/bridge/bridge-nf-call-iptables'
  const asked = existsSync(bridgeAsks) ? readFileSync(bridgeAsks, 'utf8').trim() : '0'
  const forwarding = '/proc/sys/net/ipv4/ip_forward'
  const forwards = readFileSync(forwarding, 'utf8').trim()
  const { stdout } = await call('iptables', ['-S', 'FORWARD'])
  const hadBridge = existsSync('/sys/class/net/docker0')
  const policy = /^-P FORWARD (\w+)/m.exec(stdout)?.[1] ?? 'ACCEPT'
  return async () => {
    await call('iptables', ['-P', 'FORWARD', policy])
    if (existsSync(bridgeAsks)) writeFileSync(bridgeAsks, asked)
    writeFileSync(forwarding, forwards)
    // The engine leaves its own bridge behind.
    if (!hadBridge) await call('ip', ['link', 'delete', 'docker0']).catch(() => undefined)
  }
}
