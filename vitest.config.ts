import { defineConfig } from 'vitest/config'
import { closingLine } from './scripts/closing-line.ts'

/** Rows that hold faults for minutes: part of `pnpm e2e` alone. */
const faultMatrix = 'e2e/src/f*.test.ts'

/** What a newcomer sees first, in minutes: part of `pnpm test`. The rest of the app on processes has a command of its own. */
const stories = 'e2e/src/{story-*,cli-*,dev,sessions-attacks,sessions-sign-up}.test.ts'

/** With what people install beside it: needs a registry. */
const installed = 'e2e/src/installed-*.test.ts'

/** On a container engine of their own: need root, and Debian's docker.io and debootstrap. */
const containers = 'e2e/src/containers*.test.ts'

export default defineConfig({
  test: {
    reporters: ['default', closingLine],
    projects: [
      {
        test: {
          name: 'unit',
          // Files share what they import: loading libp2p and Koa anew for each of 300 files cost more than the tests.
          isolate: false,
          include: [
            '{packages,apps}/*/src/**/*.test.ts',
            '{bench,simulate}/src/**/*.test.ts',
            'scripts/**/*.test.mjs',
          ],
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'stories',
          include: [stories],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/src/**/*.test.ts'],
          exclude: [stories, faultMatrix, installed, containers],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'e2e-containers',
          include: [containers],
          testTimeout: 300_000,
          hookTimeout: 900_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          // What is published, installed as others would: needs a registry.
          name: 'install',
          include: ['examples/src/**/*.test.ts', installed],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'e2e-matrix',
          include: [faultMatrix],
          testTimeout: 300_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
