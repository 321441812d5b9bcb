import * as Y from 'yjs'

/** Characters or values of one struct that are sent at once; Yjs merges a long text into a single one. */
const most = 32_768

/** The struct from `offset` on if it is small, else a first part of that, and how many clock ticks it takes. */
export const cutStruct = (
  struct: Y.Item | Y.GC,
  offset: number,
): { readonly part: Y.Item | Y.GC; readonly length: number } => {
  const rest = struct.length - offset
  if (rest <= most || !(struct instanceof Y.Item)) return { part: struct, length: rest }
  const content = head(struct.content, offset)
  if (content === undefined) return { part: struct, length: rest }
  const { id, parent, parentSub, rightOrigin } = struct
  const origin = offset === 0 ? struct.origin : Y.createID(id.client, id.clock + offset - 1)
  const start = Y.createID(id.client, id.clock + offset)
  const part = new Y.Item(start, null, origin, null, rightOrigin, parent, parentSub, content)
  return { part, length: part.length }
}

const head = (content: Y.Item['content'], offset: number): Y.Item['content'] | undefined => {
  if (content instanceof Y.ContentAny) return new Y.ContentAny(content.arr.slice(offset, offset + most))
  if (!(content instanceof Y.ContentString)) return undefined
  const end = offset + most
  // A pair of surrogates stays together: alone each would be replaced.
  const isPair = /[\uD800-\uDBFF]/.test(content.str.charAt(end - 1))
  return new Y.ContentString(content.str.slice(offset, isPair ? end - 1 : end))
}
