import { codeOf } from '@grapevine/std'
import { dirname } from 'node:path'
import type { VirtualOutside } from '@grapevine/membership/virtual'
import type { VirtualFiles } from '@grapevine/simulation'

/** The small files of a member, on the virtual disk: replaced as `replaceFile` of std does it. */
export const keptFiles = (files: VirtualFiles): VirtualOutside['files'] => ({
  read: async (path) => {
    try {
      const file = await files.open(path, 'read')
      return await file.read(await file.size(), 0)
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined
      throw error
    }
  },
  write: async (path, content) => {
    const bytes = Buffer.from(content)
    const file = await files.open(`${path}.new`, 'create')
    for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done), done)
    await file.sync()
    await files.rename(`${path}.new`, path)
    await files.syncFolder(dirname(path))
  },
})
