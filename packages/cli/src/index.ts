/**
 * The command line of a running Grapevine node, as a function. The program `grapevine` is `run` over a process:
 *
 * ```ts
 * import { run } from '@grapevine/cli'
 *
 * const io = {
 *   env: {},
 *   cwd: '/srv/app',
 *   write: async (text: string) => console.log(text),
 *   say: (text: string) => console.error(text),
 *   columns: undefined,
 *   input: process.stdin,
 * }
 * const exitCode = await run(['secret', 'new'], io)
 * ```
 *
 * @packageDocumentation
 */
export { run } from './run.ts'
export type { Io } from './io.ts'

// Errors
export { BrokenAnswerError, FileError, NodeRefusedError, NoNodeError, UsageError } from './errors.ts'
