/**
 * Loaded before an instance of `pnpm dev`, never in production: when the launcher is gone, however it ended,
 * the instance stops too.
 */
process.channel?.unref()
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
