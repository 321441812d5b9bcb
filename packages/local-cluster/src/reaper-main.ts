/**
 * The program of the reaper: a process that outlives the one which started the cluster, if only for a moment.
 *
 * It reads `+pid` and `-pid` lines: a process group to watch, or no longer. When its input ends, its parent has closed
 * it or is dead, for whatever reason. Then it kills every group still watched and removes the cluster's folder.
 */
import { rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { signalGroup } from './process-group.ts'

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('usage: reaper-main <folder to remove>')

const watched = new Set<number>()
for await (const line of createInterface({ input: process.stdin })) {
  const pid = Number(line.slice(1))
  if (line.startsWith('+')) watched.add(pid)
  else watched.delete(pid)
}
for (const pid of watched) signalGroup(pid, 'SIGKILL')
// Retried because a process that is being killed may still put a file into a folder that is being removed.
rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
