// Time, timers and chance are handed in; only shells take them from where they are. What a simulation runs would differ from run to run
// otherwise.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Packages of which an instance is made. */
const composed = ['facts', 'replica', 'user-cache', 'auth-middleware', 'membership', 'koa']

const ambient =
  /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b|\bset(?:Timeout|Interval|Immediate)\(|\bMath\.random\b|\brandom(?:Bytes|UUID|Int|FillSync)\b[^'"\n]*from 'node:crypto'/

/** Who may: defaults of options, what acts for the core, and what belongs to the process or to libp2p. */
export const shells = [
  'facts/config.ts',
  'replica/config.ts',
  'replica/buses/',
  'replica/storage/lock/',
  'replica/storage/open-file-storage.ts',
  'user-cache/config.ts',
  'user-cache/database/write-through.ts',
  'user-cache/export-import/',
  'user-cache/facts/random-pool.ts',
  'auth-middleware/config.ts',
  'auth-middleware/passwords/',
  'auth-middleware/sessions/session-ledger.ts',
  'membership/create-membership.ts',
  'membership/discovery/',
  'membership/network/',
  'membership/shell/',
  'koa/admin/',
  'koa/backup/',
  'koa/instance/ports.ts',
  'koa/http/request-log.ts',
  'koa/metrics/',
  'koa/own-process/',
  'koa/slots/',
]

const withoutComments = (code) => code.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')

export const takesAmbient = (code) => ambient.test(withoutComments(code))

/** @returns problems, one for each module that is no shell and takes what is to be handed in */
export const ambientUses = (root, packages) =>
  packages
    .filter(({ folder, name }) => folder.startsWith('packages/') && composed.includes(name))
    .flatMap(({ name, folder, modules }) =>
      modules
        .filter(
          ({ kind, path }) =>
            kind === 'source' && !shells.some((shell) => `${name}/${path}`.startsWith(shell)),
        )
        .filter(({ path }) => takesAmbient(readFileSync(join(root, folder, 'src', path), 'utf8')))
        .map(({ path }) => `${folder}/src/${path}: takes time, a timer or chance by itself; hand it in`),
    )
