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
