import { expect, test, vi } from 'vitest'
import { fileOutput, pipeOutput } from './log-output.ts'

/** A disk with so much room; what is written stays. */
const disk = (room: number) => {
  const state = { text: '', room, writes: 0 }
  const write = (bytes: Buffer, done: (error: Error | null, written: number) => void): void => {
    state.writes += 1
    const written = Math.min(bytes.length, state.room)
    state.room -= written
    state.text += bytes.toString('utf8', 0, written)
    queueMicrotask(() => (written === 0 ? done(new Error('ENOSPC'), 0) : done(null, written)))
  }
  return { state, write }
}

const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

test('lines that come while one is written are written together, in their order', async () => {
  const { state, write } = disk(1_000)
  const output = fileOutput(write)
  for (const line of ['a\n', 'b\n', 'c\n']) output.write(line)
  await settled()
  expect([state.text, state.writes]).toEqual(['a\nb\nc\n', 2])
})

test('a full disk loses lines, and tells how many when there is room again', async () => {
  const { state, write } = disk(3)
  const output = fileOutput(write)
  for (const line of ['1\n', '22\n', '333\n']) {
    output.write(line)
    await settled()
  }
  expect(state.text).toBe('1\n2')
  state.room = 1_000
  output.write('4\n')
  await settled()
  const [, torn, loss, last] = state.text.split('\n')
  expect([torn, last]).toEqual(['2', '4'])
  expect(JSON.parse(loss ?? '')).toMatchObject({ level: 40, lines: 2 })
})

test('what is lost while a slow disk writes is told with what is written next', () => {
  const texts: string[] = []
  let end = (): void => undefined
  const output = fileOutput((bytes, done) => {
    texts.push(bytes.toString())
    end = () => done(null, bytes.length)
  })
  output.write('first\n')
  output.write(`${'x'.repeat(1_048_577)}\n`)
  output.write('lost\n')
  output.write('lost\n')
  end()
  expect(JSON.parse(texts[1]?.split('\n')[0] ?? '')).toMatchObject({ level: 40, lines: 2 })
  output.write('next\n')
  end()
  expect(texts[2]).toBe('next\n')
})

test('a disk that never answers holds a megabyte, not more', () => {
  const output = fileOutput(() => undefined)
  const line = `${'x'.repeat(1_023)}\n`
  for (let count = 0; count < 3_000; count += 1) output.write(line)
  expect(output.takeRest().length).toBeLessThan(1_100_000)
})

test('a slow reader is not waited for, is told how much it missed, and one that is gone is left alone', () => {
  const socket = {
    writableLength: 0,
    destroyed: false,
    write: vi.fn<(text: string) => boolean>(() => true),
    on: vi.fn<() => never>(),
    unref: vi.fn<() => never>(),
  }
  const output = pipeOutput(Object.assign(socket))
  expect(socket.on).toHaveBeenCalledWith('error', expect.any(Function))
  expect(socket.unref).toHaveBeenCalledOnce()
  output.write('1\n')
  socket.writableLength = 2_000_000
  output.write('2\n')
  socket.writableLength = 0
  output.write('3\n')
  socket.destroyed = true
  output.write('4\n')
  expect(
    socket.write.mock.calls.map(([text]) => (text.startsWith('{') ? JSON.parse(text).lines : text)),
  ).toEqual(['1\n', 1, '3\n'])
})
