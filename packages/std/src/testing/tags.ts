/** For tests: a tag of a document as a browser would read it. Knows nothing of how the pages are made. */
export interface Tag {
  readonly name: string
  readonly kind: 'open' | 'close'
  readonly attributes: ReadonlyMap<string, string>
}

const tagPattern = /<(\/?)([a-z][a-z0-9]*)((?:\s+[^\s"'<>/=]+(?:="[^"]*"|='[^']*')?)*)\s*\/?>/gi
const attributePattern = /([^\s"'<>/=]+)(?:="([^"]*)"|='([^']*)')?/g
const voidElements = new Set(['br', 'input', 'link', 'meta'])

/**
 * The tags in order.
 *
 * @throws Error when a `<` starts no well-formed tag, a tag has an attribute twice, or tags are not balanced.
 */
export const tagsOf = (document: string): readonly Tag[] => {
  const text = document.replace(/^<!doctype html>/, '')
  const tags = [...text.matchAll(tagPattern)].map(([whole, slash, name = '', attributes = '']): Tag => {
    const selfClosed = whole.endsWith('/>') || voidElements.has(name)
    return {
      name: selfClosed ? `${name}/` : name,
      kind: slash ? 'close' : 'open',
      attributes: read(attributes),
    }
  })
  if (/[<>]/.test(text.replace(tagPattern, ''))) throw new Error('A < or > belongs to no tag')
  refuseUnbalanced(tags)
  return tags
}

const read = (text: string): ReadonlyMap<string, string> => {
  const attributes = new Map<string, string>()
  for (const [, name = '', double, single] of text.matchAll(attributePattern)) {
    if (attributes.has(name)) throw new Error(`The attribute ${name} stands twice in ${text}`)
    attributes.set(name, double ?? single ?? '')
  }
  return attributes
}

const refuseUnbalanced = (tags: readonly Tag[]): void => {
  const open: string[] = []
  for (const { name, kind } of tags) {
    if (name.endsWith('/')) continue
    if (kind === 'open') open.push(name)
    else if (open.pop() !== name) throw new Error(`</${name}> closes nothing`)
  }
  if (open.length > 0) throw new Error(`Left open: ${open.join(' ')}`)
}
