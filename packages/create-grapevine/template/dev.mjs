// npm run dev: three instances on this machine, one cluster. Save a source, and they start anew, one after the other.
//   PORT is that of the first (4001), INSTANCES how many there are (3).
import { readdirSync, statSync } from 'node:fs'
import { startCluster } from '@grapevine/local-cluster'

try {
  process.loadEnvFile()
} catch {
  // Without it the variables are those of the terminal.
}
const { CLUSTER_SECRET = '', PORT = '4001', INSTANCES = '3' } = process.env
const print = (name, line) => console.log(`${name.padEnd(7)} │ ${line}`)
const stopping = new AbortController()

/** The sources below a folder: not what is installed, and not what the instances keep. */
const sourcesIn = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return /^(node_modules|\..*)$/.test(entry.name) ? [] : sourcesIn(path)
    return /\.[cm]?js$/.test(path) && !/\.test\.|\/dev\.mjs$/.test(path) ? [path] : []
  })
const sight = () =>
  sourcesIn('.')
    .map((path) => `${path} ${statSync(path, { throwIfNoEntry: false })?.mtimeMs}`)
    .join('\n')

// Of before they start: what is saved meanwhile counts.
let last = sight()
const cluster = await startCluster({
  entry: 'app.mjs',
  nodes: Number(INSTANCES),
  place: ({ name, index }) => ({ port: Number(PORT) + index, dataDir: `.data/${name}` }),
  env: { NODE_ENV: 'development', CLUSTER_SECRET, CLUSTER_LISTEN: '/ip4/127.0.0.1/tcp/0' },
  onLine: print,
  signal: stopping.signal,
})
console.log(`\n${cluster.nodes.map(({ name, url }) => `  ${name}  ${url}`).join('\n')}\n`)

let isBusy = false
const look = async () => {
  const now = sight()
  if (isBusy || now === last) return
  last = now
  isBusy = true
  for (const node of cluster.nodes) {
    await node.restart().catch((error) => print(node.name, `did not start: ${error.message}`))
  }
  print('dev', 'started anew')
  isBusy = false
}
const looking = setInterval(() => void look(), 500)

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    clearInterval(looking)
    stopping.abort()
    cluster.stop().finally(() => process.exit(0))
  })
}
