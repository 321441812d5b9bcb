import type Koa from 'koa'

/**
 * A field of the parsed body, when it is a string of at most `maxLength` UTF-16 units. A field sent twice is
 * an array in most parsers, and in JSON anything can come: neither is text.
 */
export const formField = (ctx: Koa.Context, name: string, maxLength: number): string | undefined => {
  const body: unknown = Reflect.get(ctx.request, 'body')
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, name)) return undefined
  const value: unknown = Reflect.get(body, name)
  return typeof value === 'string' && value.length <= maxLength ? value : undefined
}
