/**
 * Circles in a graph: its strongly connected components of more than one node (Tarjan 1972), each with one way around.
 *
 * @param {ReadonlyMap<string, readonly string[]>} arrows
 * @returns {string[][]}
 */
export const circlesOf = (arrows) => {
  const components = componentsOf(arrows).filter((nodes) => nodes.length > 1)
  return components.map((nodes) => wayAround(new Set(nodes), arrows))
}

const componentsOf = (arrows) => {
  const [index, low, stack, found] = [new Map(), new Map(), [], []]
  const visit = (node) => {
    index.set(node, index.size)
    low.set(node, index.get(node))
    stack.push(node)
    for (const next of arrows.get(node) ?? []) {
      if (!index.has(next)) visit(next)
      if (stack.includes(next)) low.set(node, Math.min(low.get(node), low.get(next)))
    }
    if (low.get(node) === index.get(node)) found.push(stack.splice(stack.indexOf(node)))
  }
  for (const node of arrows.keys()) if (!index.has(node)) visit(node)
  return found
}

/** From the first node along arrows that stay inside, until a node comes again. */
const wayAround = (inside, arrows) => {
  const [first] = inside
  const way = [first]
  for (;;) {
    const next = (arrows.get(way.at(-1)) ?? []).find((node) => inside.has(node))
    const seen = way.indexOf(next)
    if (seen >= 0) return [...way.slice(seen), next]
    way.push(next)
  }
}
