import { createHash } from 'node:crypto'

/** The URL with a hash of what is there, so that it may be cached for ever and still change. */
export const versioned = (url: string, content: string): string =>
  `${url}?v=${createHash('sha256').update(content).digest('base64url').slice(0, 12)}`
