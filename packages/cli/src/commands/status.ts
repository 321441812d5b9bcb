import { fieldOf, table } from '../table.ts'
import type { Command } from './command.ts'

/** How the asked node is. */
export const status: Command = {
  name: 'status',
  takes: [],
  words: 'How one node is: ready or not, what it sees, what it holds',
  run: async ({ io, node, format }) => {
    const answer = await node().ask('GET', '/status')
    if (format === 'json') return io.write(`${JSON.stringify(answer)}\n`)
    await io.write(sentences(answer))
    await io.write(whatToDo(answer['advice']))
    const heading = ['REPLICA', 'STORAGE', 'IN', 'OUT', 'REFUSED', 'DIGEST']
    return io.write(table(heading, replicaRows(answer['replicas'])))
  },
}

const views: Readonly<Record<string, string>> = {
  whole: 'the whole cluster',
  majority: 'a majority of it',
  minority: 'a minority of it',
}

/** The next step for each thing that is not right, in the words of the live view. */
const whatToDo = (advice: unknown): string =>
  (Array.isArray(advice) ? advice : [])
    .map((each) => `! ${fieldOf(each, 'what')}\n  ${fieldOf(each, 'next')}\n`)
    .join('')

const sentences = (answer: Readonly<Record<string, unknown>>): string => `\
${fieldOf(answer['self'], 'name')}: ${answer['isReady'] === true ? 'ready' : 'not ready'}
sees ${views[fieldOf(answer, 'view')] ?? 'an unknown part of the cluster'}
users ${fieldOf(answer, 'users')}, contested names ${fieldOf(answer, 'contested')}
${upgrade(answer['upgrade'])}${clocks(answer['members'])}
`

/** Nothing while the cluster is at the newest version that this release speaks. */
const upgrade = (report: unknown): string => {
  const [finalised, highest, next] = ['finalised', 'highest', 'next'].map((name) => fieldOf(report, name, ''))
  if (finalised === '' || finalised === highest) return ''
  const how = next === '' ? `not yet: ${hindrances(report)}` : `grapevine finalize --yes raises it to ${next}`
  return `upgrade: finalised at protocol ${finalised}, this release speaks ${highest}; ${how}\n`
}

const hindrances = (report: unknown): string => {
  const all: unknown = typeof report === 'object' && report !== null ? Reflect.get(report, 'hindrances') : []
  return (Array.isArray(all) ? all : [])
    .map((one) => `${fieldOf(one, 'name')} is ${fieldOf(one, 'reason')}`)
    .join(', ')
}

/** Milliseconds between two clocks that are worth a line; membership warns from there on. */
const skewWorthTelling = 2_000

const clocks = (members: unknown): string =>
  (Array.isArray(members) ? members : [])
    .map((member) => ({ name: fieldOf(member, 'name'), skew: Number(fieldOf(member, 'skew', '0')) }))
    .filter(({ skew }) => Math.abs(skew) >= skewWorthTelling)
    .map(({ name, skew }) => {
      const seconds = (Math.abs(skew) / 1_000).toFixed(1)
      return `the clock of ${name} is ${seconds} s ${skew > 0 ? 'ahead' : 'behind'}\n`
    })
    .join('')

const replicaRows = (replicas: unknown): readonly (readonly string[])[] =>
  typeof replicas !== 'object' || replicas === null
    ? []
    : Object.entries(replicas).map(([name, replica]) => [
        name,
        ...['storage', 'bytesIn', 'bytesOut', 'refused'].map((field) => fieldOf(replica, field)),
        fieldOf(replica, 'digest').slice(0, 16),
      ])
