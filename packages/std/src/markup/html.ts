/** Markup that is safe to send as it is. Only `html` makes it: the symbol cannot be spelled in JSON or a form. */
export interface Html {
  readonly [markup]: string
}

const markup: unique symbol = Symbol('markup')

/** What may stand in a template: text is escaped, `Html` is kept, arrays are joined, `undefined` is nothing. */
export type Interpolation = string | number | undefined | Html | readonly Interpolation[]

/**
 * Builds markup; each interpolation is escaped unless it is `Html` already.
 *
 * Escaping makes text harmless between tags and inside a quoted attribute, and nowhere else. So text anywhere
 * else inside a tag (`<p ${text}>`, `<p title=${text}>`) is refused; a fragment of attributes made by `html`
 * may stand there. Script, style and comments must not hold interpolations at all: no page here has any.
 *
 * @throws TypeError when text stands inside a tag but outside quotes.
 */
export const html = (literals: TemplateStringsArray, ...values: readonly Interpolation[]): Html => {
  const placeOf = places(literals)
  const pieces = literals.map((literal, index) => {
    const value = values[index]
    if (placeOf[index] === 'tag') refuseText(value, literal)
    return literal + source(value)
  })
  return { [markup]: pieces.join('') }
}

/** Markup that a package made and escaped; never anything that a person or another member wrote. */
export const trusted = (source: string): Html => {
  return { [markup]: source }
}

/** The markup as a string, to be sent. */
export const render = (html: Html): string => {
  return html[markup]
}

const source = (value: Interpolation): string => {
  if (value === undefined) return ''
  if (typeof value === 'string') return escapeMarkup(value)
  if (typeof value === 'number') return String(value)
  return markup in value ? value[markup] : value.map(source).join('')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** For text and quoted attributes, of HTML and of XML. */
export const escapeMarkup = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => entities[character] ?? '')

/** Where the parser stands: between tags, inside a tag, or inside a quoted attribute of a tag. */
type Place = 'text' | 'tag' | '"' | "'"

/** A template's literals are one frozen array per call site, so each is scanned once. */
const scanned = new WeakMap<TemplateStringsArray, readonly Place[]>()

const places = (literals: TemplateStringsArray): readonly Place[] => {
  const known = scanned.get(literals)
  if (known !== undefined) return known
  let place: Place = 'text'
  const found = literals.map((literal) => {
    for (const character of literal) place = next(place, character)
    return place
  })
  scanned.set(literals, found)
  return found
}

const next = (place: Place, character: string): Place => {
  if (place === 'text') return character === '<' ? 'tag' : 'text'
  if (place !== 'tag') return character === place ? 'tag' : place
  if (character === '>') return 'text'
  return character === '"' || character === "'" ? character : 'tag'
}

const refuseText = (value: Interpolation, before: string): void => {
  if (value === undefined || (typeof value === 'object' && markup in value)) return
  if (typeof value === 'object') {
    for (const item of value) refuseText(item, before)
    return
  }
  throw new TypeError(
    `Text cannot stand inside a tag outside quotes, after ${JSON.stringify(before.slice(-40))}`,
  )
}
