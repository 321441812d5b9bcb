import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { factOf, keyOf } from '../fact.ts'
import { createTree, idOf, rangeSize, type Tree } from './tree.ts'

const keyOfNumber = (n: number): string => keyOf(factOf('ada', String(n)))

const treeOf = (keys: readonly string[]): Tree => {
  const tree = createTree()
  for (const key of keys) tree.add(key)
  return tree
}

/** All that only one of two trees has, found as two members find it. */
const differenceOf = (a: Tree, b: Tree, path = ''): string[] => {
  const [mine, theirs] = [a.below(path), b.below(path)]
  if (mine.kind === 'hashes' && theirs.kind === 'hashes')
    return mine.hashes.flatMap((hash, digit) =>
      Buffer.compare(hash, theirs.hashes[digit] ?? new Uint8Array()) === 0
        ? []
        : differenceOf(a, b, path + digit.toString(16)),
    )
  const [left, right] = [allBelow(a, path), allBelow(b, path)]
  return [...left.filter((key) => !right.includes(key)), ...right.filter((key) => !left.includes(key))]
}

const allBelow = (tree: Tree, path: string): string[] => {
  const below = tree.below(path)
  if (below.kind === 'keys') return [...below.keys]
  return below.hashes.flatMap((_, digit) => allBelow(tree, path + digit.toString(16)))
}

const numbers = fc.uniqueArray(fc.nat(5_000), { maxLength: 400 })

describe('a tree', () => {
  test('has a root that is a function of the set: not of the order, nor of what came and went', () => {
    fc.assert(
      fc.property(numbers, numbers, (kept, gone) => {
        const others = gone.filter((n) => !kept.includes(n)).map(keyOfNumber)
        const tree = treeOf([...others, ...kept.map(keyOfNumber)])
        tree.root()
        for (const key of others) tree.delete(key)
        expect(tree.size).toBe(kept.length)
        expect(tree.root()).toEqual(treeOf(kept.toReversed().map(keyOfNumber)).root())
        expect(allBelow(tree, '').sort()).toEqual(kept.map(keyOfNumber).sort())
      }),
      { numRuns: 200 },
    )
  })

  test('leads two members to all that only one has, and to nothing else', () => {
    fc.assert(
      fc.property(numbers, numbers, numbers, (both, left, right) => {
        const onlyLeft = left.filter((n) => !both.includes(n) && !right.includes(n))
        const onlyRight = right.filter((n) => !both.includes(n) && !left.includes(n))
        const a = treeOf([...both, ...onlyLeft].map(keyOfNumber))
        const b = treeOf([...both, ...onlyRight].map(keyOfNumber))
        expect(differenceOf(a, b).sort()).toEqual([...onlyLeft, ...onlyRight].map(keyOfNumber).sort())
        expect(Buffer.compare(a.root(), b.root()) === 0).toBe(onlyLeft.length + onlyRight.length === 0)
      }),
      { numRuns: 200 },
    )
  })

  test('splits a range of more than 32 keys, and joins it again', () => {
    const keys = Array.from({ length: rangeSize + 1 }, (_, n) => keyOfNumber(n))
    const tree = treeOf(keys)
    expect(tree.below('').kind).toBe('hashes')
    tree.delete(keys[0] ?? '')
    expect(tree.below('').kind).toBe('keys')
  })

  test('hashes a leaf and nothing as the specification says', () => {
    const keys = [keyOfNumber(1), keyOfNumber(2)].sort()
    const leaf = createHash('sha256')
      .update(`\0${keys.join('\n')}`)
      .digest()
    expect(Buffer.from(treeOf(keys).root())).toEqual(leaf)
    expect(createTree().root()).toEqual(new Uint8Array(32))
  })

  test('finds a key by the first bytes of its hash', () => {
    const keys = Array.from({ length: 500 }, (_, n) => keyOfNumber(n))
    const tree = treeOf(keys)
    for (const key of keys) expect(tree.find(idOf(key, 8))).toBe(key)
    expect(tree.find(idOf(keyOfNumber(501), 8))).toBe(undefined)
  })

  test('takes keys that were ground to share the beginning of their hash', () => {
    const ground = Array.from({ length: 200 }, (_, n) => `ada/.AAAAAAAAAAAA${String(n).padStart(15, 'A')}`)
    const tree = treeOf([...ground, ...Array.from({ length: 100 }, (_, n) => keyOfNumber(n))])
    expect(allBelow(tree, '')).toHaveLength(300)
    for (const key of ground) tree.delete(key)
    expect(allBelow(tree, '')).toHaveLength(100)
  })
})

test('the root can be worked out in portions, also while keys come and go', () => {
  const [tree, other] = [createTree(), createTree()]
  const keys = Array.from({ length: 2_000 }, (_, index) => keyOf(factOf('ada', `note ${index}`)))
  for (const key of keys) tree.add(key)
  let portions = 0
  for (; !tree.prepare(16); portions += 1) if (portions === 3) tree.delete(keys[7] ?? '')
  expect(portions).toBeGreaterThan(5)
  for (const key of keys) if (key !== keys[7]) other.add(key)
  expect(tree.root()).toEqual(other.root())
  expect(tree.prepare(0)).toBe(true)
})
