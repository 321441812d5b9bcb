import { expect, test } from 'vitest'
import { SystemCommandError } from '../../errors.ts'
import { fakeReaper } from '../../testing/fake-reaper.ts'
import { probeNamespaces, probeUnder } from './probe.ts'

const permitted = process.platform === 'linux' && process.geteuid?.() === 0

/** A machine on which everything works but what the word stands in. */
const machineWithout =
  (word: string, done: string[] = []) =>
  async (file: string, args: readonly string[], input = ''): Promise<string> => {
    const command = [file, ...args].join(' ')
    done.push(command.replace(/lcprobe-[\w-]+/, 'probe'))
    if (`${command} ${input}`.includes(word)) throw new SystemCommandError(command, `no ${word}\nhere`)
    return ''
  }

test.runIf(permitted).each(['sysctl', 'bridge', 'veth', 'htb', 'statistic', 'CLASSIFY', 'iptables-restore'])(
  'a machine without %s is found out, and nothing is left of the attempt',
  async (word) => {
    const done: string[] = []
    const { reaper, watched } = fakeReaper()
    await expect(probeUnder(reaper, machineWithout(word, done))).resolves.toEqual({
      kind: 'impossible',
      why: expect.stringContaining(`no ${word} here`),
    })
    expect(done.at(-1)).toBe('ip netns delete probe')
    expect(watched).toEqual(new Set())
  },
)

test.runIf(permitted)('what could not be removed is left to the reaper', async () => {
  const { reaper, watched } = fakeReaper()
  await expect(probeUnder(reaper, machineWithout('delete'))).resolves.toMatchObject({ kind: 'impossible' })
  expect([...watched]).toEqual([expect.stringMatching(/^namespace lcprobe-/)])
})

test.runIf(!permitted)('without root it is impossible, and nothing is tried', async () => {
  await expect(probeNamespaces(machineWithout(''))).resolves.toMatchObject({ kind: 'impossible' })
})
