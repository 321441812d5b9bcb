import { createHash } from 'node:crypto'

/** The URL of an asset with a hash of its content, so that it may be cached for ever and still change. */
export const assetUrl = (path: string, content: string): string =>
  `${path}?v=${createHash('sha256').update(content).digest('base64url').slice(0, 12)}`
