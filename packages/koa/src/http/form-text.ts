import type Koa from 'koa'

/** A field of the parsed body as text of at most `most` UTF-16 units; what is longer, sent twice or no text is empty. */
export const textOf = (ctx: Koa.Context, name: string, most: number): string => {
  const body: unknown = Reflect.get(ctx.request, 'body')
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, name)) return ''
  const value: unknown = Reflect.get(body, name)
  return typeof value === 'string' && value.length <= most ? value : ''
}
