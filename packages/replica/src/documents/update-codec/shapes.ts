/**
 * Makes plain objects from fields in the order in which they are read. The first of a shape is remembered and the
 * others are copies of it: V8 gives a copy exactly the room that it needs, and an object that grows field by field
 * half as much again.
 */
export interface Shape {
  /** The shape with one more field. */
  readonly with: (name: string) => Shape
  /** @param values - in the order of the fields */
  readonly make: (values: readonly unknown[]) => Record<string, unknown>
}

/** Shapes that are remembered; objects of others are made field by field. */
const most = 512
let remembered = 0

const shape = (names: readonly string[], isRemembered: boolean): Shape => {
  const larger = new Map<string, Shape>()
  let template: Record<string, unknown> | undefined
  /** Most shapes are followed by one other. */
  let usual: { readonly name: string; readonly shape: Shape } | undefined

  const next = (name: string): Shape => {
    const known = larger.get(name)
    if (known !== undefined) return known
    // As a field of a copy it would be a field; as one that is assigned it is a prototype, and stays that.
    const isNew = isRemembered && remembered < most && name !== '__proto__'
    const made = shape([...names, name], isNew)
    if (!isNew) return made
    remembered += 1
    larger.set(name, made)
    return made
  }

  return {
    with: (name) => {
      if (usual?.name === name) return usual.shape
      const found = next(name)
      usual = { name, shape: found }
      return found
    },
    make: (values) => {
      if (isRemembered) template ??= copyable(names)
      const object: Record<string, unknown> = template === undefined ? {} : { ...template }
      for (let at = 0; at < names.length; at += 1) object[names[at] ?? ''] = values[at]
      return object
    },
  }
}

/** What is parsed has all its fields within; what is built does not. */
const copyable = (names: readonly string[]): Record<string, unknown> =>
  JSON.parse(JSON.stringify(Object.fromEntries(names.map((name) => [name, '']))))

/** Of an object without fields. */
export const noFields: Shape = shape([], true)
