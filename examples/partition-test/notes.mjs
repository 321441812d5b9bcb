// A plain program on node:http that keeps a set of notes the same on all its peers: each asks the others what they have.
import { createServer, get } from 'node:http'
import { text } from 'node:stream/consumers'

const { PORT, HOST, PEERS = '' } = process.env
const notes = new Set()

const answer = async (request, response) => {
  if (request.method === 'POST') notes.add(await text(request))
  if (request.url === '/time') response.end(String(Date.now()))
  else response.end(JSON.stringify([...notes].toSorted((a, b) => (a < b ? -1 : 1))))
}

const take = async (response) => {
  for (const note of JSON.parse(await text(response))) notes.add(note)
}

const pull = (peer) => {
  const failed = (error) => console.log(`${peer}: ${error.message}`)
  const request = get(`${peer}/notes`, { timeout: 1_000 }, (response) => {
    take(response).catch(failed)
  })
  request.on('timeout', () => request.destroy(new Error('timed out')))
  request.on('error', failed)
}

createServer((request, response) => {
  answer(request, response).catch((error) => response.destroy(error))
}).listen(Number(PORT), HOST)

for (const peer of PEERS.split(',').filter(Boolean)) setInterval(() => pull(peer), 100)
