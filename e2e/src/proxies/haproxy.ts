import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, run, untilItServes, type Front } from './running.ts'

/**
 * HAProxy, as people put it in front: round robin, connections to instances kept and shared, readiness asked every 200 ms. What
 * fails once fails: it tries nothing again.
 *
 * @param instances ports, also of those that are not there yet
 */
export const startHaproxy = async (instances: readonly number[]): Promise<Front> => {
  const folder = await mkdtemp(join(tmpdir(), 'haproxy-'))
  const port = await freePort()
  const file = join(folder, 'haproxy.cfg')
  await writeFile(file, configuration(port, instances))
  const program = await run('haproxy', ['-db', '-f', file])
  const front: Front = {
    port,
    said: program.said,
    [Symbol.asyncDispose]: async () => {
      await program[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
  await untilItServes(front)
  return front
}

const configuration = (port: number, instances: readonly number[]): string => `
global
  maxconn 2000
  log stdout format raw daemon notice
defaults
  mode http
  log global
  timeout connect 2s
  timeout client 70s
  timeout server 70s
  timeout check 2s
  retries 0
  option forwardfor
  http-reuse always
frontend people
  bind 127.0.0.1:${port}
  http-request set-header X-Forwarded-Proto https
  default_backend app
backend app
  balance roundrobin
  option httpchk GET /readyz
  http-check expect status 200
  default-server check inter 200ms fall 2 rise 2
${instances.map((instance, index) => `  server app-${index + 1} 127.0.0.1:${instance}`).join('\n')}
`
