import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ownerTimes, selfTimes, type CpuProfile, type Share } from './cpu-profile.ts'

const shown = 20

/** For each profile of a folder, where the program spent its time. */
export const topFunctions = async (folder: string): Promise<readonly string[]> => {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.cpuprofile')).sort()
  const reports = files.map(async (file) => {
    const profile: CpuProfile = JSON.parse(await readFile(join(folder, file), 'utf8'))
    return [
      `\n  ${file}, by owner`,
      ...ownerTimes(profile).slice(0, shown).map(line),
      `  ${file}, by function`,
      ...selfTimes(profile).slice(0, shown).map(line),
    ]
  })
  return (await Promise.all(reports)).flat()
}

const line = ({ where, share }: Share): string => `  ${(share * 100).toFixed(1).padStart(6)} %  ${where}`
