import { sleep, systemClock, type Clock } from '@grapevine/std'
import { signalProcess } from '../../process/process-group.ts'
import { systemCommand } from '../../process/system-command.ts'

/** What is killed ends within milliseconds, on a busy machine within more of them. */
const giveUpMs = 5_000
const everyMs = 10

/**
 * Kills what runs in a network namespace, again until none is left: one may start another while it is looked for.
 *
 * @throws Error with the pids of those that do not end
 */
export const killAllIn = async (
  namespace: string,
  clock: Clock = systemClock,
  pidsIn: (namespace: string) => Promise<number[]> = systemPidsIn,
): Promise<void> => {
  const deadline = clock.now() + giveUpMs
  for (let pids = await pidsIn(namespace); pids.length > 0; pids = await pidsIn(namespace)) {
    if (clock.now() >= deadline)
      throw new Error(`the processes ${pids.join(', ')} in the namespace ${namespace} do not end`)
    for (const pid of pids) signalProcess(pid, 'SIGKILL')
    await sleep(clock, everyMs)
  }
}

const systemPidsIn = async (namespace: string): Promise<number[]> => {
  const text = await systemCommand('ip', ['netns', 'pids', namespace])
  return text.split('\n').filter(Boolean).map(Number)
}
