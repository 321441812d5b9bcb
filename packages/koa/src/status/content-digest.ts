import { createHash } from 'node:crypto'

interface Digested {
  status(): { readonly digest: string }
}

/** One digest of everything that is replicated. */
export const contentOf = (replicas: Readonly<Record<string, Digested>>): string => {
  const digests = Object.values(replicas).map((replica) => replica.status().digest)
  return createHash('sha256').update(digests.join()).digest('hex').slice(0, 32)
}
