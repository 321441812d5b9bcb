import { expect, test } from 'vitest'
import { SystemCommandError } from '../errors.ts'
import { probeNamespaces } from './probe.ts'

const permitted = process.platform === 'linux' && process.geteuid?.() === 0

/** A machine on which everything works but what the word stands in. */
const machineWithout =
  (word: string, done: string[] = []) =>
  async (file: string, args: readonly string[], input = ''): Promise<string> => {
    const command = [file, ...args].join(' ')
    done.push(command.replace(/lcprobe-\w+/, 'probe'))
    if (`${command} ${input}`.includes(word)) throw new SystemCommandError(command, `no ${word}\nhere`)
    return ''
  }

test.runIf(permitted).each(['sysctl', 'bridge', 'veth', 'htb', 'statistic', 'CLASSIFY', 'iptables-restore'])(
  'a machine without %s is found out, and nothing is left of the attempt',
  async (word) => {
    const done: string[] = []
    await expect(probeNamespaces(machineWithout(word, done))).resolves.toEqual({
      kind: 'impossible',
      why: expect.stringContaining(`no ${word} here`),
    })
    expect(done.at(-1)).toBe('ip netns delete probe')
  },
)

test.runIf(!permitted)('without root it is impossible, and nothing is tried', async () => {
  await expect(probeNamespaces(machineWithout(''))).resolves.toMatchObject({ kind: 'impossible' })
})
