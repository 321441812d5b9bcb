/**
 * Names that mix scripts look like others: `аdа` with Cyrillic `а`. Unicode Technical Standard 39, section 5.2, "highly
 * restrictive": one script, or Latin together with what Japanese, Korean or Chinese are written in.
 */
import { letterAt, type Scripts } from './letters.ts'

export const isOfOneScript = (name: string): boolean => {
  const used = Array.from(name).flatMap((letter): Exclude<Scripts, 'any'>[] => {
    const scripts = letterAt(letter.codePointAt(0) ?? 0)?.scripts
    return scripts === undefined || scripts === 'any' ? [] : [scripts]
  })
  if (used.length === 0 || common(used).length > 0) return true
  const others = common(used.filter((scripts) => !scripts.has('Latin')))
  return beside.some((system) => others.includes(system))
}

/** What may stand beside Latin. */
const beside = ['Japanese', 'Korean', 'Chinese']

const common = ([first, ...others]: readonly ReadonlySet<string>[]): readonly string[] =>
  [...(first ?? [])].filter((script) => others.every((scripts) => scripts.has(script)))
