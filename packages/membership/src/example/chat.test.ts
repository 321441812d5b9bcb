import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'

const program = fileURLToPath(new URL('../../dist/example/chat.js', import.meta.url))
const running: ChildProcess[] = []
afterEach(() => running.splice(0).forEach((child) => child.kill('SIGKILL')))

/** One person at a terminal. */
const chatter = (name: string, ...seed: string[]) => {
  const child = spawn(process.execPath, [program, name, ...seed], { stdio: ['pipe', 'pipe', 'inherit'] })
  running.push(child)
  const seen: string[] = []
  const waiting = new Set<() => void>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    seen.push(line)
    for (const check of waiting) check()
  })
  const sees = (pattern: RegExp): Promise<string> =>
    new Promise((resolve) => {
      const check = (): void => {
        const line = seen.find((candidate) => pattern.test(candidate))
        if (line !== undefined) {
          waiting.delete(check)
          resolve(line)
        }
      }
      waiting.add(check)
      check()
    })
  return {
    sees,
    say: (line: string) => child.stdin.write(`${line}\n`),
    leave: () => child.stdin.end(),
    child,
  }
}

test('people in separate processes find each other, talk, and see who leaves', async () => {
  const ada = chatter('ada')
  const port = /127\.0\.0\.1\/tcp\/(\d+)/.exec(await ada.sees(/listening/))?.[1]
  const ben = chatter('ben', `127.0.0.1:${port}`)
  await Promise.all([ada.sees(/ben is here/), ben.sees(/ada is here/)])
  // Subscriptions travel after the link: the first lines may come too early.
  const talking = setInterval(() => ben.say('hello'), 50)
  expect(await ada.sees(/^ben: /)).toBe('ben: hello')
  clearInterval(talking)
  const gone = once(ben.child, 'exit')
  ben.leave()
  expect(await ada.sees(/ben (left|is gone)/)).toBe('* ben left')
  expect(await gone).toEqual([0, null])
})
