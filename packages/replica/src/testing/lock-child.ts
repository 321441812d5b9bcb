/** Opens a storage, says what came of it, and keeps it until it is told to end: `node lock-child.js <folder>`. */
import { openFileStorage } from '../storage/open-file-storage.ts'

const [folder = ''] = process.argv.slice(2)
process.on('message', () => undefined)

try {
  await openFileStorage({ folder, owner: 'lock' })
  process.stdout.write('open\n')
} catch (error) {
  process.stdout.write(`${error instanceof Error ? error.name : String(error)}\n`)
  process.disconnect?.()
}
