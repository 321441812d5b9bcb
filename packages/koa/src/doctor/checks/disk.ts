import { notice, problem } from '../finding.ts'
import type { Check } from './check.ts'

const megabyte = 1_000_000
/** Below either it fills up soon. */
const scarce = { bytes: 200 * megabyte, share: 0.05 }
const least = 20 * megabyte

/** Whether it takes writes, and for how long. */
export const diskCheck: Check = ({ replicas, disk, settings: { dataDir } }) => {
  const failing = Object.entries(replicas).filter(([, { storage }]) => storage === 'failing')
  const damaged = Object.entries(replicas).filter(([, status]) => 'damaged' in status && status.damaged > 0)
  const todo = `Make room in ${dataDir}, or give it a larger disk; it writes again by itself`
  return [
    ...(failing.length === 0
      ? []
      : [
          problem(
            `the disk takes no writes (${failing.map(([name]) => name).join(', ')}): nobody can sign up here`,
            todo,
          ),
        ]),
    ...(disk === undefined || failing.length > 0 ? [] : spaceLeft(disk.free, disk.size, todo)),
    ...(damaged.length === 0
      ? []
      : [
          notice(
            `damaged records were found on the disk (${damaged.map(([name]) => name).join(', ')}) and set aside`,
            'What other members hold was taken from them. Look at the disk: it may be failing',
          ),
        ]),
  ]
}

const spaceLeft = (free: number, size: number, todo: string): ReturnType<Check> => {
  const words = `${Math.round(free / megabyte)} MB of ${Math.round(size / megabyte)} MB are free on the disk`
  if (free < least) return [problem(words, todo)]
  if (free < scarce.bytes && free < scarce.share * size) return [notice(words, todo)]
  return []
}

/** Data that others do not get, because no process has that slot. */
export const slotsCheck: Check = ({ unreadSlots }) =>
  unreadSlots.length === 0
    ? []
    : [
        notice(
          `data that no process reads: ${unreadSlots.join(', ')}`,
          'Run as many processes as before for a moment, so that the others get what is there; then the folders can go',
        ),
      ]
