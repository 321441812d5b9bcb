import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort, run, untilItServes, type Front } from './running.ts'

/**
 * nginx, as an ingress runs it: it has no checks of its own (those are sold), so a watcher asks every instance every 200 ms
 * whether it is ready, writes those that are as its upstreams, and has it read them anew. Connections to instances are kept; what
 * fails once fails.
 */
export const startNginx = async (
  instances: readonly number[],
  { location = '' }: { readonly location?: string } = {},
): Promise<Front> => {
  const folder = await mkdtemp(join(tmpdir(), 'nginx-'))
  const port = await freePort()
  const file = join(folder, 'nginx.conf')
  let ready = await readyOf(instances)
  await writeFile(file, configuration({ folder, port, ready, location }))
  const program = await run('nginx', ['-p', folder, '-c', file])
  const over = new AbortController()
  const watching = watch(instances, over.signal, async (now) => {
    if (now.join() === ready.join()) return
    ready = now
    await writeFile(file, configuration({ folder, port, ready, location }))
    process.kill(program.pid, 'SIGHUP')
  })
  const front: Front = {
    port,
    said: program.said,
    [Symbol.asyncDispose]: async () => {
      over.abort()
      await watching
      await program[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
  await untilItServes(front)
  return front
}

const checkInterval = 200

const watch = async (
  instances: readonly number[],
  signal: AbortSignal,
  told: (ready: readonly number[]) => Promise<void>,
): Promise<void> => {
  while (!signal.aborted) {
    await told(await readyOf(instances))
    await delay(checkInterval, undefined, { signal }).catch(() => undefined)
  }
}

const readyOf = async (instances: readonly number[]): Promise<readonly number[]> => {
  const answers = await Promise.all(
    instances.map(async (port) => {
      const signal = AbortSignal.timeout(2_000)
      const headers = { connection: 'close' }
      const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal, headers }).catch(
        () => undefined,
      )
      await answer?.arrayBuffer().catch(() => undefined)
      return answer?.ok === true ? [port] : []
    }),
  )
  return answers.flat()
}

interface Configuration {
  readonly folder: string
  readonly port: number
  readonly ready: readonly number[]
  readonly location: string
}

const configuration = ({ folder, port, ready, location }: Configuration): string => `
daemon off;
worker_processes 2;
error_log stderr warn;
pid ${folder}/nginx.pid;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  upstream app {
    keepalive 32;
${ready.map((instance) => `    server 127.0.0.1:${instance} max_fails=0;`).join('\n')}
${ready.length === 0 ? '    server 127.0.0.1:9 max_fails=0;' : ''}
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://app;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto https;
      proxy_next_upstream off;
${location}
    }
  }
}
`
