import { expect, test } from 'vitest'
import { createNodeLog } from './node-log.ts'
import { spawnNodeProcess } from './node-process.ts'
import { signalProcess } from './process-group.ts'
import { fakeReaper } from '../testing/fake-reaper.ts'

/** Starts something in a session of its own, which holds the pipes, and ends in the middle of a line. */
const leaver = `
  const { spawn } = require('node:child_process')
  const left = spawn('sleep', ['60'], { detached: true, stdio: 'inherit' })
  left.unref()
  process.stdout.write('last words')
  process.stderr.write(String(left.pid))
`

test('what a node has left behind does not keep this process running, and its last words are kept', async () => {
  const pipes = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'PipeWrap').length
  const before = pipes()
  const log = createNodeLog(10)
  const node = await spawnNodeProcess(
    { command: [process.execPath, '-e', leaver], env: {}, channel: 'none' },
    { log, reaper: fakeReaper().reaper, signal: new AbortController().signal },
  )
  expect(pipes()).toBe(before + 2)
  await node.drained
  expect(log.lines().toSorted()).toEqual([
    expect.stringMatching(/^\d+$/),
    '[local-cluster] it ended by itself, with code 0',
    'last words',
  ])
  signalProcess(Number(log.lines().find((line) => /^\d+$/.test(line))), 'SIGKILL')
  expect(pipes()).toBe(before)
})
