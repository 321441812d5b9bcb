/** Markup that is safe to send. Only `html` makes it; the symbol cannot be spelled in JSON. */
export interface Html {
  readonly [markup]: string
}

const markup: unique symbol = Symbol('markup')

export type Interpolation = string | number | undefined | Html | readonly Interpolation[]

/** Builds markup; what is interpolated is escaped unless it is `Html`. It may stand as text or in quotes only. */
export const html = (literals: TemplateStringsArray, ...values: readonly Interpolation[]): Html => ({
  [markup]: literals.map((literal, index) => literal + source(values[index])).join(''),
})

export const render = (fragment: Html): string => fragment[markup]

const source = (value: Interpolation): string => {
  if (value === undefined) return ''
  if (typeof value === 'string') return escape(value)
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

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
