import { afterEach, expect, test } from 'vitest'
import { joining, realMembers, sees, until } from '../testing/real-members.ts'

const { start, stopAll } = realMembers()
afterEach(stopAll)

test('a message that a validator does not find good is told to nobody, and it is told who passed it on', async () => {
  const a = await start('a')
  const b = await start('b', joining(a))
  await sees(b, ['a', 'b'])
  const [heard, asked]: [string[], string[][]] = [[], []]
  const stop = b.topic('news').validate((bytes, { from }) => {
    asked.push([Buffer.from(bytes).toString(), from])
    return bytes[0] !== 'b'.codePointAt(0)
  })
  b.topic('news').subscribe((bytes) => heard.push(Buffer.from(bytes).toString()))
  const say = async (text: string): Promise<void> => a.topic('news').publish(Buffer.from(text))
  // A subscription takes a moment to be known.
  await until(() => {
    void say('good')
    return heard.includes('good')
  })
  await say('bad')
  await until(() => asked.some(([text]) => text === 'bad'))
  await say('good again')
  await until(() => heard.includes('good again'))
  expect(heard).not.toContain('bad')
  expect(asked.at(-1)).toEqual(['good again', a.self.id])
  stop()
  await say('bad, and nobody asks')
  await until(() => heard.includes('bad, and nobody asks'))
})

test('a flood of messages lets the event loop go round between them', async () => {
  const a = await start('a')
  const b = await start('b', joining(a))
  await sees(b, ['a', 'b'])
  const flood = 2_000
  let [heard, inTurn, most] = [0, 0, 0]
  b.topic('news').validate(() => {
    heard += 1
    inTurn += 1
    most = Math.max(most, inTurn)
    return true
  })
  b.topic('news').subscribe(() => undefined)
  let isOver = false
  const turn = (): void => {
    inTurn = 0
    if (!isOver) setImmediate(turn)
  }
  turn()
  await until(() => {
    void a.topic('news').publish(Buffer.from('first'))
    return heard > 0
  })
  const numbers = Array.from({ length: flood }, (_, index) => Buffer.from(`${index}`))
  await Promise.all(numbers.map(async (bytes) => a.topic('news').publish(bytes)))
  await until(() => heard > flood)
  isOver = true
  expect(most).toBeLessThanOrEqual(32)
})
