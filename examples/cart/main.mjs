// One cart, shared by all instances of a plain node:http server: membership and replica, and nothing else.
//   PORT=4001 CLUSTER_SECRET=… node main.mjs     and 4002, 4003 … on any machine of the network
import { once } from 'node:events'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { createMembership } from '@grapevine/membership'
import { openFileStorage, replicate } from '@grapevine/replica'
import * as Y from 'yjs'

const {
  PORT = '3000',
  HOST = '127.0.0.1',
  CLUSTER_SECRET,
  CLUSTER_NAME = 'cart',
  DATA_DIR = '.data',
} = process.env
const doc = new Y.Doc()
const cart = doc.getArray('cart')
const storage = await openFileStorage({ folder: `${DATA_DIR}/cart`, owner: `${CLUSTER_NAME}/cart` })
const membership = await createMembership({
  cluster: CLUSTER_NAME,
  secrets: [CLUSTER_SECRET],
  dataDir: `${DATA_DIR}/member`,
  topics: ['cart'],
})
const replica = await replicate(doc, membership, { name: 'cart', storage })

const answer = async (request, response) => {
  if (request.url === '/readyz') return response.writeHead(replica.status().ready ? 200 : 503).end()
  if (request.method === 'POST') {
    const item = await text(request)
    // On this disk, and on that of every instance that can be reached.
    await replica.write(() => cart.push([item]))
  }
  response.end(JSON.stringify(cart.toArray()))
}
const server = createServer((request, response) => {
  answer(request, response).catch(() => response.writeHead(503).end())
}).listen(Number(PORT), HOST)

await once(process, 'SIGTERM')
server.close()
server.closeAllConnections()
await membership.leave()
await replica.close()
await storage.close()
