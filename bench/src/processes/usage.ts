import { readFile } from 'node:fs/promises'

/** What a process has used, as Linux counts it. */
export interface Usage {
  /** Milliseconds of CPU since its start, user and system. */
  readonly cpu: number
  /** Resident bytes; `pss` divides those that are shared by the number of sharers. */
  readonly rss: number
  readonly pss: number
}

/** USER_HZ is 100 on every Linux that Node.js runs on. */
const msPerTick = 10

/** @throws where there is no `/proc` */
export const usageOf = async (pid: number): Promise<Usage> => {
  const [stat, rollup] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8'),
    readFile(`/proc/${pid}/smaps_rollup`, 'utf8'),
  ])
  return { cpu: cpuOf(stat), rss: bytesOf(rollup, 'Rss'), pss: bytesOf(rollup, 'Pss') }
}

/** Fields 14 and 15 of proc(5); the name in field 2 may hold spaces and brackets. */
export const cpuOf = (stat: string): number => {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * msPerTick
}

export const bytesOf = (rollup: string, name: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(rollup)?.[1]) * 1024
