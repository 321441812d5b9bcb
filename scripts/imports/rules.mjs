// What the imports must keep to. Each rule returns sentences that name what breaks it.
import { circlesOf } from './circles.mjs'
import { isLibp2p, libp2pOwner, mostFiles, layerOf } from './layers.mjs'
import { folderOf, siblingOf } from './modules.mjs'

const sourcesOf = ({ modules }) => modules.filter(({ kind }) => kind === 'source')

/** Two files that need each other are one file, or lack a third. Types count: they are read together. */
export const fileCircles = ({ folder, modules }) =>
  circlesOf(new Map(modules.map(({ path, imports }) => [path, imports]))).map(
    (way) => `${folder}/src: files in a circle: ${way.join(' → ')}`,
  )

/** A folder of src is a unit; a file directly in src is a unit of its own. */
export const unitOf = (path) => path.split('/')[0]

export const unitArrows = (pkg) => {
  const arrows = new Map()
  for (const { path, imports } of sourcesOf(pkg)) {
    const to = arrows.get(unitOf(path)) ?? new Set()
    for (const one of imports) if (unitOf(one) !== unitOf(path)) to.add(unitOf(one))
    arrows.set(unitOf(path), to)
  }
  return new Map([...arrows].map(([unit, to]) => [unit, [...to]]))
}

/** Tests may import whatever they like. */
export const upwardArrows = (pkg) => {
  const { name, folder } = pkg
  if (layerOf(name) === -1) return [`${folder} is in no layer of scripts/imports/layers.mjs`]
  return sourcesOf(pkg).flatMap(({ path, packages }) =>
    packages
      .filter((other) => isUpward(name, other))
      .map((other) => `${folder}/src/${path} imports ${other}`),
  )
}

const isUpward = (name, other) => {
  const sibling = siblingOf(other)
  if (sibling !== undefined)
    return sibling !== name && !(layerOf(sibling) >= 0 && layerOf(sibling) < layerOf(name))
  return isLibp2p(other) && layerOf(name) < layerOf('budget') && name !== libp2pOwner
}

export const fullFolders = (pkg) => {
  const counts = new Map()
  for (const { path } of pkg.modules) {
    const isTestFile = path.endsWith('.test.ts')
    if (!isTestFile) counts.set(folderOf(path), (counts.get(folderOf(path)) ?? 0) + 1)
  }
  return [...counts]
    .filter(([, count]) => count > mostFiles)
    .map(
      ([path, count]) =>
        `${pkg.folder}/src/${path}: ${count} files; allowed: ${mostFiles}, tests not counted`,
    )
}

export const rules = [fileCircles, upwardArrows, fullFolders]
