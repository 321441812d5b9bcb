/** The parts of a V8 CPU profile that are read here. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[]
  readonly samples: readonly number[]
  /** Microseconds from each sample to the one before. */
  readonly timeDeltas: readonly number[]
}

export interface ProfileNode {
  readonly id: number
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  readonly children?: readonly number[]
}

export interface Share {
  readonly where: string
  /** Of all time that the program was not idle, 0 to 1. */
  readonly share: number
}

/** Time in each function without what it called, most first. */
export const selfTimes = (profile: CpuProfile): readonly Share[] =>
  shares(profile, ({ callFrame }) => functionOf(callFrame))

/**
 * Time by the package (or file of the project) whose code ran, most first. What Node.js itself did, such as a hash or
 * a write, counts for the code that called it.
 */
export const ownerTimes = (profile: CpuProfile): readonly Share[] => {
  const parents = parentsOf(profile.nodes)
  return shares(profile, (node) => {
    for (let at: ProfileNode | undefined = node; at !== undefined; at = parents.get(at.id)) {
      const owner = ownerOf(at.callFrame.url)
      if (owner !== undefined) return owner
    }
    return node.callFrame.functionName === '(idle)' ? '(idle)' : runtimePartOf(node)
  })
}

const shares = (
  { nodes, samples, timeDeltas }: CpuProfile,
  whereOf: (node: ProfileNode) => string,
): readonly Share[] => {
  const places = new Map(nodes.map((node) => [node.id, whereOf(node)]))
  const spent = new Map<string, number>()
  for (const [index, sample] of samples.entries()) {
    const where = places.get(sample) ?? '(unknown)'
    if (where !== '(idle)') spent.set(where, (spent.get(where) ?? 0) + (timeDeltas[index] ?? 0))
  }
  const total = [...spent.values()].reduce((sum, time) => sum + time, 0)
  return [...spent]
    .map(([where, time]) => ({ where, share: total > 0 ? time / total : 0 }))
    .sort((a, b) => b.share - a.share)
}

const parentsOf = (nodes: readonly ProfileNode[]): ReadonlyMap<number, ProfileNode> =>
  new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node] as const)))

const functionOf = ({ functionName, url, lineNumber }: ProfileNode['callFrame']): string => {
  const name = functionName === '' ? '(anonymous)' : functionName
  return url === '' ? name : `${name}  ${fileOf(url)}:${lineNumber + 1}`
}

/** `koa/lib/response.js` of a dependency, `packages/replica/dist/digest/content-digest.js` of the project. */
const fileOf = (url: string): string =>
  url.replace(/^.*\/node_modules\//, '').replace(/^file:\/\/.*\/(?=(packages|apps|bench)\/)/, '')

const ownerOf = (url: string): string | undefined => {
  if (!url.startsWith('file:') && !url.startsWith('/')) return undefined
  const file = fileOf(url)
  const isDependency = url.includes('/node_modules/')
  return isDependency ? (/^(@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? file) : file
}

const runtimePartOf = ({ callFrame: { functionName, url } }: ProfileNode): string =>
  functionName.startsWith('(') ? functionName : url === '' ? 'Node.js, native' : url
