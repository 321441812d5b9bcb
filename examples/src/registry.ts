import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { basename } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

interface Published {
  readonly manifest: { readonly name: string; readonly version: string }
  readonly file: string
  readonly bytes: Buffer
}

/** A registry on this machine: the packed files as if they were published, and all else as it is in the real one. */
export interface Registry extends AsyncDisposable {
  readonly url: string
}

export const startRegistry = async (files: readonly string[]): Promise<Registry> => {
  const published = new Map<string, Published>()
  for (const file of files) {
    const one = await readPacked(file)
    published.set(one.manifest.name, one)
  }
  const upstream = (await run('npm', ['config', 'get', 'registry'])).stdout.trim()
  const server = createServer((request, response) => {
    answer(published, upstream, request, response).catch(() => response.writeHead(502).end())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const stop = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { url: `http://127.0.0.1:${port}/`, [Symbol.asyncDispose]: stop }
}

const readPacked = async (file: string): Promise<Published> => {
  const { stdout } = await run('tar', ['-xzOf', file, 'package/package.json'])
  return { manifest: JSON.parse(stdout), file: basename(file), bytes: await readFile(file) }
}

const answer = async (
  published: ReadonlyMap<string, Published>,
  upstream: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const path = decodeURIComponent(new URL(request.url ?? '/', 'http://registry').pathname.slice(1))
  const [name = '', file] = path.split('/-/')
  const one = published.get(name)
  if (one === undefined) return passOn(new URL(request.url ?? '/', upstream), request, response)
  if (file !== undefined) return void response.writeHead(200).end(one.bytes)
  const at = `http://${request.headers.host}/${name}/-/${one.file}`
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(documentOf(one, at)))
}

/** What a registry says of a package: one version, which is the latest. */
const documentOf = ({ manifest, bytes }: Published, tarball: string): object => {
  const { name, version } = manifest
  const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`
  const dist = { tarball, integrity, shasum: createHash('sha1').update(bytes).digest('hex') }
  const time = { [version]: '2020-01-01T00:00:00.000Z', modified: '2020-01-01T00:00:00.000Z' }
  return { name, 'dist-tags': { latest: version }, time, versions: { [version]: { ...manifest, dist } } }
}

const passOn = async (url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const accept = request.headers.accept ?? 'application/json'
  const got = await fetch(url, { headers: { accept }, signal: AbortSignal.timeout(60_000) })
  const type = got.headers.get('content-type') ?? 'application/json'
  response.writeHead(got.status, { 'Content-Type': type }).end(Buffer.from(await got.arrayBuffer()))
}
