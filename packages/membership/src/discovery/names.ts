import { lookup, Resolver } from 'node:dns/promises'
import { readFile } from 'node:fs/promises'
import { codeOf } from '@grapevine/std'

/** The look-ups that are used of the system. */
export interface NameResolver {
  /** A and AAAA by the system's rules: hosts file, search domains, the resolv.conf of now. */
  lookup(name: string): Promise<readonly string[]>
  /** SRV records, each with its own port. */
  resolveSrv(name: string): Promise<readonly { readonly name: string; readonly port: number }[]>
}

/** As `getaddrinfo` does it; c-ares, which `resolve4` asks, knows neither hosts file nor search domains, nor a resolv.conf that changed. */
export const systemResolver: NameResolver = {
  lookup: async (name) => (await lookup(name, { all: true, verbatim: true })).map(({ address }) => address),
  resolveSrv: async (name) => {
    for (const candidate of [...(await searched(name)), name]) {
      // A new one each time: it reads the name servers when it is made.
      const resolver = new Resolver({ timeout: 2_000, tries: 1 })
      const records = await resolver.resolveSrv(candidate).catch(() => [])
      if (records.length > 0) return records
    }
    return []
  },
}

/** The name in each search domain of resolv.conf, which a query for SRV records does not apply by itself. */
const searched = async (name: string): Promise<readonly string[]> => {
  if (name.endsWith('.')) return []
  const text = await readFile('/etc/resolv.conf', 'utf8').catch(() => '')
  const domains = /^search[ \t]+(.*)$/m.exec(text)?.[1]?.trim().split(/\s+/) ?? []
  return domains.slice(0, mostDomains).map((domain) => `${name}.${domain}`)
}

const mostDomains = 6

/** Whether the answer is that there is no such name, rather than none at all. */
export const isNoSuchName = (error: unknown): boolean =>
  codeOf(error) === 'ENOTFOUND' || codeOf(error) === 'ENODATA'

/** What came of a look-up, for a report. */
export const failureOf = (error: unknown): string => {
  const code = codeOf(error)
  return code === undefined ? 'failed' : (words[code] ?? code)
}

const words: Readonly<Record<string, string>> = {
  ENOTFOUND: 'no such name',
  ENODATA: 'no addresses',
  EAI_AGAIN: 'no answer from the name server',
  ETIMEOUT: 'no answer from the name server',
  ESERVFAIL: 'the name server failed',
}
