// The arrows as two pictures: between packages, and between the folders of each. Graphviz lays them out.
import { instance } from '@viz-js/viz'
import { layers, layerOf } from './layers.mjs'
import { siblingOf } from './modules.mjs'
import { unitArrows } from './rules.mjs'

const ink = '#1f2937'
const fills = ['#e5e7eb', '#fde68a', '#bbf7d0', '#bfdbfe', '#ddd6fe', '#fbcfe8', '#fed7aa', '#f3f4f6']

const graph = (attributes, lines) => `digraph {
  graph [fontname="Helvetica,Arial,sans-serif", fontsize=13, fontcolor="${ink}", bgcolor="white", pad=0.12, ${attributes}]
  node [fontname="Helvetica,Arial,sans-serif", fontsize=12, fontcolor="${ink}", color="${ink}", shape=box, style="rounded,filled", fillcolor="white", margin="0.18,0.06"]
  edge [color="#4b5563", arrowsize=0.6]
  ${lines.join('\n  ')}
}`

const quoted = (text) => JSON.stringify(text)

/** What the sources of a package import of its siblings. */
const siblingsOf = ({ modules }) => {
  const names = modules.filter(({ kind }) => kind === 'source').flatMap(({ packages }) => packages)
  return [...new Set(names.map(siblingOf).filter((name) => name !== undefined))].toSorted((a, b) =>
    a.localeCompare(b),
  )
}

const fillOf = (name) => fills[layerOf(name)] ?? 'white'

/** One box a package, one row a layer. */
const packagesDot = (all) => {
  const names = new Set(all.map(({ name }) => name))
  const boxes = all.map(({ name }) => `${quoted(name)} [fillcolor="${fillOf(name)}"]`)
  const ranks = layers.map(({ packages }) => {
    const here = packages.filter((name) => names.has(name)).map(quoted)
    return here.length > 1 ? `{ rank=same; ${here.join('; ')} }` : ''
  })
  const arrows = all.flatMap((one) =>
    siblingsOf(one)
      .filter((name) => names.has(name) && name !== one.name)
      .map((name) => `${quoted(one.name)} -> ${quoted(name)}`),
  )
  return graph('ranksep=0.5, nodesep=0.25', [...boxes, ...ranks, ...arrows])
}

/** Files directly in src that need one of its folders are above them, the others (options, errors) below. */
const labelsOf = (arrows) => {
  const isFile = (unit) => unit.endsWith('.ts')
  const isAbove = (unit, seen = new Set()) =>
    (arrows.get(unit) ?? []).some(
      (to) => !isFile(to) || (!seen.has(to) && isAbove(to, new Set([...seen, unit]))),
    )
  return (unit) => (isFile(unit) ? (isAbove(unit) ? 'src, above' : 'src, below') : `${unit}/`)
}

const foldersDot = (pkg) => {
  const { name } = pkg
  const arrows = unitArrows(pkg)
  const labelOf = labelsOf(arrows)
  const files = (label) =>
    [...arrows.keys()].filter((unit) => labelOf(unit) === label).map((unit) => unit.replace(/\.ts$/, ''))
  const titleOf = (label) => (label.startsWith('src,') ? inLines(files(label)) : `${label}`)
  const labels = [...new Set([...arrows.keys()].map(labelOf))]
  const drawn = new Set(
    [...arrows].flatMap(([unit, to]) =>
      to.filter((one) => labelOf(one) !== labelOf(unit)).map((one) => `${labelOf(unit)} -> ${labelOf(one)}`),
    ),
  )
  const id = (label) => quoted(`${name} ${label}`)
  return [
    `subgraph ${quoted(`cluster ${name}`)} {`,
    `  label=${quoted(name)}; style="rounded,filled"; color="#9ca3af"; fillcolor="${fillOf(name)}"; fontsize=15`,
    ...labels.map((label) => {
      const isFiles = label.startsWith('src,')
      return `  ${id(label)} [label=${quoted(titleOf(label))}${isFiles ? ', style="rounded,dashed,filled", fontsize=10, margin="0.25,0.06"' : ''}]`
    }),
    ...[...drawn].map((arrow) => {
      const [from, to] = arrow.split(' -> ')
      return `  ${id(from)} -> ${id(to)}`
    }),
    '}',
  ].join('\n  ')
}

/** Names in lines of about forty characters. */
const inLines = (names) => {
  const lines = ['']
  for (const name of names) {
    if (lines.at(-1).length + name.length > 40) lines.push('')
    lines[lines.length - 1] += lines.at(-1) === '' ? name : `, ${name}`
  }
  return lines.slice(0, 6).join('\n') + (lines.length > 6 ? `\n… ${names.length} files` : '')
}

const svgOf = async (dot) => {
  const viz = await instance()
  // The first lines are XML's, and say which Graphviz it was.
  return viz.renderString(dot, { format: 'svg' }).replace(/^[\s\S]*?(?=<svg)/, '')
}

export const drawPackages = (all) => svgOf(packagesDot(all))

/** Each package is laid out for itself; packages stand in their layers, the top one first. */
export const drawFolders = async (all) => {
  const viz = await instance()
  const drawOne = (one) =>
    viz.renderString(graph('ranksep=0.3, nodesep=0.15', [foldersDot(one)]), { format: 'svg' })
  const known = layers.map(({ title, packages }) => ({
    title,
    drawings: all.filter(({ name }) => packages.includes(name)).map(drawOne),
  }))
  return stacked(known.filter(({ drawings }) => drawings.length > 0).toReversed())
}

const sizeOf = (svg) => {
  const [, width, height] = /<svg width="(\d+)pt" height="(\d+)pt"/.exec(svg)
  return { width: Number(width), height: Number(height) }
}

const mostWidth = 1_250
const gap = 12

/** Drawings beside each other while they fit, then below; a layer begins a new line. */
const stacked = (inRows) => {
  const placed = []
  let [x, y, lineHeight, width] = [0, 0, 0, 0]
  for (const { title, drawings } of inRows) {
    placed.push(
      `<text x="${gap}" y="${y + 20}" font-family="Helvetica,Arial,sans-serif" font-size="14" fill="${ink}">${title}</text>`,
    )
    ;[x, y, lineHeight] = [0, y + 28, 0]
    for (const drawing of drawings) {
      const size = sizeOf(drawing)
      if (x > 0 && x + size.width > mostWidth) [x, y, lineHeight] = [0, y + lineHeight + gap, 0]
      placed.push(
        drawing.replace(
          /^[\s\S]*?<svg width="\d+pt" height="\d+pt"/,
          `<svg x="${x}" y="${y}" width="${size.width}" height="${size.height}"`,
        ),
      )
      x += size.width + gap
      lineHeight = Math.max(lineHeight, size.height)
      width = Math.max(width, x)
    }
    y += lineHeight + gap
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${y}" viewBox="0 0 ${width} ${y}"><rect width="100%" height="100%" fill="white"/>\n${placed.join('\n')}\n</svg>\n`
}
