import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ClusterNode } from '@grapevine/local-cluster'

/** Empties the disk of a node that does not run: it comes back as somebody whom nobody has seen before. */
export const wipe = async ({ dataDir }: ClusterNode): Promise<void> => {
  for (const name of await readdir(dataDir)) await rm(join(dataDir, name), { recursive: true })
}
