import { createHash } from 'node:crypto'

/** The URL of an asset with a hash of its content, so that it may be cached for ever and still change. */
export function assetUrl(path: string, content: string): string {
  const hash = createHash('sha256').update(content).digest('base64url').slice(0, 12)
  return `${path}?v=${hash}`
}
