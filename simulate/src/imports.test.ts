import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const src = fileURLToPath(new URL('.', import.meta.url))

/** The composition and, in the place of libp2p, what carries bytes; else only what knows no instance. */
const allowed = [
  '@grapevine/koa',
  '@grapevine/membership/virtual',
  '@grapevine/simulation',
  '@grapevine/history',
  '@grapevine/std',
]

test('the simulation imports the composition and none of its parts', () => {
  const paths = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'))
  const imported = paths.flatMap((path) =>
    [
      ...readFileSync(join(src, path), 'utf8').matchAll(
        /^(?:import|\} from|export)\b.*'(@grapevine\/[^']+)'/gm,
      ),
    ].map(([, specifier]) => specifier),
  )
  expect(imported).toContain('@grapevine/koa')
  expect([...new Set(imported)].filter((one) => one !== undefined && !allowed.includes(one))).toEqual([])
})
