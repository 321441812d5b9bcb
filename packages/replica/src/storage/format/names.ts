/**
 * The files of a folder, by name: `00000012-9f3a1c22aabbccdd.log`. The number grows with each file; a snapshot holds all
 * that files of a lower number hold. The salt is in the name too, so that a file whose header is lost can still be read.
 */
export interface FileName {
  readonly name: string
  readonly kind: FileKind
  readonly generation: number
  readonly salt: Salt
}

export type FileKind = 'log' | 'snapshot'

/** Eight bytes. */
export type Salt = Uint8Array

export const fileName = (kind: FileKind, generation: number, salt: Salt): FileName => ({
  name: `${String(generation).padStart(8, '0')}-${Buffer.from(salt).toString('hex')}.${kind}`,
  kind,
  generation,
  salt,
})

/** A snapshot that is being written. */
export const temporaryName = ({ name }: FileName): string => `${name}${temporary}`

/** Bytes of a file that could not be read as what they should be. */
export const damagedName = ({ name }: FileName): string => `${name}${damaged}`

export const isTemporary = (name: string): boolean => name.endsWith(`.snapshot${temporary}`)
export const isDamaged = (name: string): boolean => name.endsWith(damaged)

const [temporary, damaged] = ['.tmp', '.damaged']

/** @returns in the order in which they were written; a snapshot comes before the log of its number */
export const dataFiles = (names: readonly string[]): readonly FileName[] =>
  names
    .flatMap((name) => parsed(name) ?? [])
    .sort((a, b) => a.generation - b.generation || (a.kind < b.kind ? 1 : -1))

const parsed = (name: string): FileName | undefined => {
  const [, number, salt, kind] = /^(\d{8,15})-([0-9a-f]{16})\.(log|snapshot)$/.exec(name) ?? []
  if (number === undefined || salt === undefined || (kind !== 'log' && kind !== 'snapshot')) return undefined
  return { name, kind, generation: Number(number), salt: Buffer.from(salt, 'hex') }
}

/** What the version that kept its log in LevelDB left. */
export const isOfLevelDb = (names: readonly string[]): boolean =>
  names.some((name) => /^(CURRENT|MANIFEST-\d+|\d{6}\.(log|ldb|sst))$/.test(name))
