// Defaults as the code has them: the last argument of `orElse`, what stands behind `=` or `??`, or a property of an object of defaults.

/** The code from here to a comma, a line's end or a closing bracket that is its own. */
const expressionAt = (source, from) => {
  let depth = 0
  for (let at = from; at < source.length; at += 1) {
    const sign = source[at]
    if ('([{'.includes(sign)) depth += 1
    if (')]}'.includes(sign)) depth -= 1
    if (depth < 0 || (depth === 0 && (sign === ',' || sign === '\n'))) return source.slice(from, at).trim()
  }
  return source.slice(from).trim()
}

/** The second argument of `orElse(`, whose bracket is open here. */
const secondArgumentAt = (source, from) => {
  const first = expressionAt(source, from)
  return expressionAt(source, skipSpace(source, source.indexOf(first, from) + first.length + 1))
}

const after = (source, pattern, read) => {
  const found = new RegExp(pattern, 'm').exec(source)
  return found === null ? undefined : read(source, found.index + found[0].length)
}

const skipSpace = (source, from) => from + /^\s*/.exec(source.slice(from))[0].length

const inSource = (source, name) =>
  after(source, String.raw`(?:^|[\s{,])${name}(?:: Check<[^=]*> =|:)[^,{}]*?\borElse\(`, (text, at) =>
    secondArgumentAt(text, skipSpace(text, at)),
  ) ??
  after(source, String.raw`[{,(]\s*${name}(?:: \w+)? = (?!=)`, expressionAt) ??
  after(source, String.raw`\b${name} \?\? `, expressionAt)

/** Constants of a source that are worth a number, text, or an object of these. */
const constantsOf = (source) => {
  const known = {}
  for (const [, name, code] of source.matchAll(
    /^(?:export )?const (\w+)(?:: [^=\n]+)? = (\{[\s\S]*?^\}|[^\n{]+)/gm,
  )) {
    const value = evaluate(code, known)
    if (value !== undefined) known[name] = value.value
  }
  return known
}

const evaluate = (code, known) => {
  if (/=>|\bnew\b|\bawait\b|\w\(|`/.test(code)) return undefined
  try {
    // oxlint-disable-next-line no-new-func, typescript/no-implied-eval -- the code is this repository's own
    return { value: new Function(...Object.keys(known), `return (${code})`)(...Object.values(known)) }
  } catch {
    return undefined
  }
}

const inObjects = (source, name) => {
  const holder = Object.values(constantsOf(source)).find(
    (value) => typeof value === 'object' && value !== null && Object.hasOwn(value, name),
  )
  return holder === undefined ? undefined : JSON.stringify(holder[name])
}

/** Another name under which a check stands: `path: pathOrRoot`. */
const aliasIn = (source, name) => new RegExp(String.raw`[{,]\s*${name}: (\w+)\s*[,}]`).exec(source)?.[1]

/**
 * Looks in the option's own source first, then in the others of its package.
 *
 * @returns {{ code: string, source: string } | undefined}
 */
export const defaultInCode = (name, own, others) => {
  const alias = aliasIn(own, name)
  for (const source of [own, ...others]) {
    const shared = alias === undefined ? undefined : inSource(source, alias)
    const code = inSource(source, name) ?? shared ?? inObjects(source, name)
    if (code !== undefined) return { code, source }
  }
  return undefined
}

/** @returns {{ value: unknown } | undefined} what the code is worth, if it is made of literals and constants of the source */
export const valueOf = (code, source) => evaluate(code, constantsOf(source))
