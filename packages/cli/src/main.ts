#!/usr/bin/env node
import { run } from './run.ts'

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // The second time it ends at once.
  process.once(signal, () => stop.abort(new Error(`ended by ${signal}`)))
}
// What cannot be written is told by `write`; what nobody reads of the rest is lost.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)

process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  write: (text) =>
    new Promise((resolve, reject) => {
      process.stdout.write(text, (error) => (error ? reject(error) : resolve()))
    }),
  say: (text) => void process.stderr.write(text),
  columns: process.stderr.isTTY ? process.stderr.columns : undefined,
  input: process.stdin,
  signal: stop.signal,
})
// Its own end would wait for a reader of stdin that nobody feeds.
process.stdin.destroy()
