// The layers of packages, lowest first. A package may import what is in a layer below its own, and nothing beside or above it.
export const layers = [
  { title: 'shared', packages: ['std'] },
  { title: 'parts', packages: ['facts', 'simulation'] },
  { title: 'cores', packages: ['membership', 'replica', 'user-cache', 'auth-middleware', 'history'] },
  { title: 'tools and pages', packages: ['dashboard', 'cli', 'local-cluster', 'create-grapevine'] },
  { title: 'in one call', packages: ['koa'] },
  { title: 'apps', packages: ['budget'] },
  { title: 'whole clusters', packages: ['e2e', 'bench', 'simulate'] },
]

/** -1 for a package that is in no layer, which is refused. */
export const layerOf = (name) => layers.findIndex(({ packages }) => packages.includes(name))

/** The only package that may know libp2p. */
export const libp2pOwner = 'membership'

export const isLibp2p = (name) => /^libp2p$|^@libp2p\/|^@chainsafe\/libp2p/.test(name)

/** Files in any folder of src, tests not counted. */
export const mostFiles = 12
