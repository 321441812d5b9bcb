import { fstatSync, write, writeSync } from 'node:fs'
import { Socket } from 'node:net'

/** Where lines of the log go. Never throws, never waits, and holds a bounded number of bytes. */
export interface LogOutput {
  write(line: string): void
}

/** Bytes that may wait for a reader that is slow, or a disk that is. What comes then is lost, and counted. */
const mostWaiting = 1_048_576

const standardOutput = 1

/**
 * A log must not be able to hurt: a full disk, a pipe that is closed and a reader that is slow cost lines, and never an answer. A file is
 * written to on another thread; a pipe is not waited for, and does not keep the process alive; a terminal is written to at once.
 */
export const logOutput = (fd: number = standardOutput): LogOutput => {
  const kind = kindOf(fd)
  if (kind === 'pipe') return pipeOutput(new Socket({ fd, readable: false, writable: true }))
  if (kind === 'file')
    return onceMoreAtExit(
      fileOutput((bytes, done) => write(fd, bytes, done)),
      fd,
    )
  return { write: (line) => tryWriting(fd, line) }
}

const kindOf = (fd: number): 'pipe' | 'file' | 'other' => {
  try {
    const stat = fstatSync(fd)
    if (stat.isFIFO() || stat.isSocket()) return 'pipe'
    return stat.isFile() ? 'file' : 'other'
  } catch {
    // It was closed before the program began.
    return 'other'
  }
}

const tryWriting = (fd: number, text: string): void => {
  try {
    writeSync(fd, text)
  } catch {
    // There is nowhere to say so.
  }
}

/** In the form of the other lines, once there is room again. */
const lossLine = (lines: number): string =>
  `${JSON.stringify({ level: 40, time: Date.now(), lines, msg: 'lines of this log were lost: what it is written to was full, or slow' })}\n`

/** @param socket - its errors are heard: a reader that is gone is nobody's failure */
export const pipeOutput = (
  socket: Pick<Socket, 'write' | 'on' | 'unref' | 'writableLength' | 'destroyed'>,
): LogOutput => {
  let lost = 0
  socket.on('error', () => undefined)
  socket.unref()
  return {
    write: (line) => {
      if (socket.destroyed) return
      if (socket.writableLength > mostWaiting) {
        lost += 1
        return
      }
      if (lost > 0) socket.write(lossLine(lost))
      lost = 0
      socket.write(line)
    },
  }
}

type WriteBytes = (bytes: Buffer, done: (error: Error | null, written: number) => void) => void

export interface FileOutput extends LogOutput {
  /** What was not begun to be written. */
  takeRest(): string
}

export const fileOutput = (writeBytes: WriteBytes): FileOutput => {
  let waiting: string[] = []
  let waitingLength = 0
  let lost = 0
  let isTorn = false
  let isWriting = false

  const take = (): string => {
    const loss = lost > 0 ? lossLine(lost) : ''
    // The last line may have been cut off in its middle.
    const text = `${isTorn ? '\n' : ''}${loss}${waiting.join('')}`
    waiting = []
    waitingLength = 0
    return text
  }
  const flush = (): void => {
    isWriting = true
    const lines = waiting.length
    // More may be lost while it is written.
    const told = lost
    put(Buffer.from(take()), (isWhole) => {
      isWriting = false
      isTorn = !isWhole
      lost = isWhole ? lost - told : lost + lines
      if (waiting.length > 0 && isWhole) flush()
    })
  }
  const put = (bytes: Buffer, done: (isWhole: boolean) => void): void =>
    writeBytes(bytes, (error, written) => {
      if (error !== null) done(false)
      else if (written >= bytes.length) done(true)
      else put(bytes.subarray(written), done)
    })

  return {
    write: (line) => {
      if (waitingLength > mostWaiting) {
        lost += 1
        return
      }
      waiting.push(line)
      waitingLength += line.length
      if (!isWriting) flush()
    },
    takeRest: take,
  }
}

/** A process that ends at once writes what waits, if it can. */
const onceMoreAtExit = (output: FileOutput, fd: number): LogOutput => {
  process.once('exit', () => tryWriting(fd, output.takeRest()))
  return output
}
