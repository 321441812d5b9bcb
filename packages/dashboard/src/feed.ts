import { PassThrough, type Readable } from 'node:stream'

/** What is asked of the world; handed in, so that tests decide when time passes. */
export interface FeedOptions {
  /** What is to be shown now. */
  readonly read: () => Promise<string>
  /** Calls `action` every `ms`. @returns how to end it */
  readonly every: (ms: number, action: () => void) => () => void
  readonly interval: number
  readonly mostWatchers: number
  readonly onError: (error: unknown) => void
}

/** Server-sent events for many from one reading: nobody watches, nothing is read. */
export interface Feed {
  /** A stream of events; `undefined` when there are too many, or none any more. */
  watch(): Readable | undefined
  /** Something happened: reads now instead of at the next beat. */
  hurry(): void
  /** Ends every stream; there are none after it. */
  close(): void
}

/**
 * Sent for each reading that found nothing new: whoever hears none knows that what is shown is old, which a connection that is open
 * does not tell. Proxies, too, end connections that are silent.
 */
const nothingNew = 'event: beat\ndata:\n\n'

export const createFeed = ({ read, every, interval, mostWatchers, onError }: FeedOptions): Feed => {
  const watchers = new Set<PassThrough>()
  let last: string | undefined
  let state: 'idle' | 'reading' | 'closed' = 'idle'
  let rest: (() => void) | undefined

  const beat = async (): Promise<void> => {
    if (state !== 'idle') return
    state = 'reading'
    try {
      const now = await read()
      const frame = now === last ? nothingNew : eventOf(now)
      last = now
      for (const watcher of watchers) send(watcher, frame)
    } catch (error) {
      onError(error)
    } finally {
      if (state === 'reading') state = 'idle'
    }
  }

  const forget = (watcher: PassThrough): void => {
    watchers.delete(watcher)
    if (watchers.size > 0) return
    rest?.()
    rest = undefined
    last = undefined
  }

  return {
    watch: () => {
      if (state === 'closed' || watchers.size >= mostWatchers) return undefined
      const watcher = new PassThrough()
      watchers.add(watcher)
      watcher.once('close', () => forget(watcher))
      rest ??= every(interval, () => void beat())
      watcher.write(last === undefined ? 'retry: 1000\n\n' : `retry: 1000\n${eventOf(last)}`)
      void beat()
      return watcher
    },
    hurry: () => {
      if (watchers.size > 0) void beat()
    },
    close: () => {
      state = 'closed'
      for (const watcher of watchers) watcher.end()
      rest?.()
    },
  }
}

/** One who reads slowly misses pictures in between, and costs no memory: only the newest matters. */
const send = (watcher: PassThrough, text: string): void => {
  if (watcher.writable && !watcher.writableNeedDrain) watcher.write(text)
}

const eventOf = (markup: string): string => `data: ${JSON.stringify(markup)}\n\n`
