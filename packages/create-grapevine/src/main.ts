#!/usr/bin/env node
import { randomBytes } from 'node:crypto'
import { createInterface } from 'node:readline/promises'
import { run } from './run.ts'

process.exitCode = await run(process.argv.slice(2), {
  cwd: process.cwd(),
  say: (text) => void process.stdout.write(text),
  complain: (text) => void process.stderr.write(text),
  secret: () => randomBytes(32).toString('hex'),
  ask: process.stdin.isTTY
    ? async (question) => {
        const lines = createInterface({ input: process.stdin, output: process.stdout })
        try {
          return await lines.question(question)
        } finally {
          lines.close()
        }
      }
    : undefined,
})
