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

/** Beats without a change after which a comment is sent: proxies end connections that are silent. */
const silentBeats = 15

export const createFeed = ({ read, every, interval, mostWatchers, onError }: FeedOptions): Feed => {
  const watchers = new Set<PassThrough>()
  let last: string | undefined
  let silent = 0
  let state: 'idle' | 'reading' | 'closed' = 'idle'
  let rest: (() => void) | undefined

  const beat = async (): Promise<void> => {
    if (state !== 'idle') return
    state = 'reading'
    try {
      const now = await read()
      if (now === last) keepAlive()
      else broadcast(now)
    } catch (error) {
      onError(error)
    } finally {
      if (state === 'reading') state = 'idle'
    }
  }

  const broadcast = (now: string): void => {
    last = now
    silent = 0
    for (const watcher of watchers) send(watcher, eventOf(now))
  }

  const keepAlive = (): void => {
    silent += 1
    if (silent % silentBeats === 0) for (const watcher of watchers) send(watcher, ':\n\n')
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
