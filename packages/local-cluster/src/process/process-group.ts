import { codeOf } from '@grapevine/std'
/**
 * Sends a signal to all processes of a group: a node and whatever it started. False if none is left. A node leads its
 * own group, so its pid is also the group's.
 */
export const signalGroup = (pid: number, signal: NodeJS.Signals): boolean => send(-pid, signal)

/** Sends a signal to one process. False if it is gone. */
export const signalProcess = (pid: number, signal: NodeJS.Signals): boolean => send(pid, signal)

const send = (target: number, signal: NodeJS.Signals): boolean => {
  // 0 and -1 would be this process's own group, and everybody.
  if (!Number.isInteger(target) || Math.abs(target) < 2)
    throw new RangeError(`pid: got ${target}, allowed is 2 and more`)
  try {
    return process.kill(target, signal)
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false
    throw error
  }
}
