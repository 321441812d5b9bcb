/** One variant in a process of its own. Says its port, and how much processor time it has used whenever it is asked. */
import { variants } from './variants.ts'

const name = process.argv[2] ?? ''
const variant = variants[name]
if (variant === undefined) throw new Error(`no such variant: ${name}`)
const server = variant().listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address !== null && typeof address !== 'string') process.send?.(address.port)
})
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.(user + system)
})
process.on('disconnect', () => process.exit())
