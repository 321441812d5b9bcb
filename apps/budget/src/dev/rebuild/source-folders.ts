import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../../../', import.meta.url))

/** What the instances are made of. */
export const sourceFolders = (): readonly string[] => {
  const packages = readdirSync(`${root}packages`).flatMap((name) => [
    `${root}packages/${name}/src`,
    `${root}packages/${name}/browser`,
  ])
  return [...packages, `${root}apps/budget/src`].filter((folder) => existsSync(folder))
}

export const isSource = (path: string): boolean =>
  /\.(ts|js)$/.test(path) && !/\.test\.ts$|\/testing\//.test(path)

/** What runs in this process, and not in the instances: it is as it was until `pnpm dev` is run again. */
export const isLauncher = (path: string): boolean => /budget\/src\/dev\/|packages\/local-cluster\//.test(path)
