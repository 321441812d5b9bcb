// Defaults as documents tell them: `@default` in comments, and the column "default" of tables.

const units = { ms: 1, s: 1_000, seconds: 1_000, minutes: 60_000, hours: 3_600_000, days: 86_400_000 }

/**
 * What a text means: a literal to compare, code to find again, or prose, which nobody can compare.
 *
 * @returns {{ kind: 'value', value: unknown } | { kind: 'code', code: string } | { kind: 'prose' }}
 */
export const meaningOf = (text) => {
  const [, amount, unit] = /^([\d,_ .]*\d) ?(ms|s|seconds|minutes|hours|days)\b/.exec(text) ?? []
  if (amount !== undefined) return { kind: 'value', value: numberOf(amount) * units[unit] }
  const [, number] = /^(\d{1,3}(?:[, ]\d{3})+|\d[\d_]*(?:\.\d+)?)(?=$|[;,. (])/.exec(text) ?? []
  if (number !== undefined) return { kind: 'value', value: numberOf(number) }
  const [, literal] = /^('[^']*'|true|false|\[[^\]]*\]|\{\})(?=$|[;,. :])/.exec(text) ?? []
  if (literal !== undefined && !/[a-z]\w*\(/.test(literal))
    return { kind: 'value', value: JSON.parse(literal.replaceAll("'", '"').replaceAll(/(\d)_(?=\d)/g, '$1')) }
  const [code] = /^[a-z]\w*(?:\.\w+)+|^[a-z]\w*\(\)/.exec(text) ?? []
  return code === undefined ? { kind: 'prose' } : { kind: 'code', code }
}

const numberOf = (text) => Number(text.replaceAll(/[,_ ]/g, ''))

/** Options of one source that say a default. @returns {{ name: string, text: string }[]} */
export const defaultsInComments = (source) =>
  [
    ...source.matchAll(
      /\/\*\*((?:(?!\*\/)[\s\S])*?@default ((?:(?!\*\/)[\s\S])*?))\s*\*\/\s*(?:readonly )?(\w+)\??:/g,
    ),
  ].map(([, , text, name]) => ({ name, text: text.replaceAll(/\s*\n\s*\*\s*/g, ' ').trim() }))

/** Rows of tables whose last column is headed "default". @returns {{ name: string, text: string }[]} */
export const defaultsInTables = (markdown) =>
  markdown
    .split(/\n(?!\|)/)
    .filter((part) => /^\n?\|[^\n]*\|\s*default\s*\|\n/m.test(part))
    .flatMap((table) =>
      table
        .trim()
        .split('\n')
        .filter((row) => row.startsWith('|')),
    )
    .flatMap((row) => {
      const cells = row.slice(1, -1).split(/(?<!\\)\|/)
      const names = [...(cells[0] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name)
      const text = (cells.at(-1) ?? '').trim().replaceAll('`', '')
      return names.length === 1 && text !== '' ? [{ name: names[0], text }] : []
    })
