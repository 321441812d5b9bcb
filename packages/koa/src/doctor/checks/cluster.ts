import { discoveryInWords } from '@grapevine/membership'
import { notice, problem } from '../finding.ts'
import type { Member } from '@grapevine/membership'
import type { Check } from './check.ts'

/** Nobody is linked: with reason to believe in others it is a fault, without it may be meant so. */
export const aloneCheck: Check = ({ discovery, settings: { clusterName } }) => {
  const { isAlone, expectsOthers, aloneFor } = discovery
  if (!isAlone) return []
  const tried = discoveryInWords(discovery)
  const since = `${Math.round(aloneFor / 1_000)} s`
  if (expectsOthers)
    return [problem(`it has reached no other member for ${since}: ${tried}`, adviceOf(tried))]
  return [
    notice(
      `it has found no other member of cluster ${JSON.stringify(clusterName)} for ${since}: ${tried}`,
      'If there are others: give all the same CLUSTER_NAME and CLUSTER_SECRET, and where multicast does not get through, CLUSTER_SEEDS=host:port or CLUSTER_DISCOVERY=dns:name',
    ),
  ]
}

/** By what was tried last; the first that fits. */
const advice: readonly (readonly [RegExp, string])[] = [
  [/secret|refused a peer|admission/i, 'Give all members the same CLUSTER_NAME and CLUSTER_SECRET'],
  [
    /no such name|NXDOMAIN|ENOTFOUND/i,
    'Correct the name in CLUSTER_DISCOVERY or CLUSTER_SEEDS; it has to be known to the resolver of this host',
  ],
  [
    /name server|SERVFAIL|EAI_AGAIN|timed out looking/i,
    'The name server does not answer: see /etc/resolv.conf of this host',
  ],
  [
    /connection refused/i,
    'Nobody listens at those addresses: start the other members, and compare the port with their CLUSTER_LISTEN',
  ],
  [
    /hung up/i,
    'Something else listens at those addresses, or a proxy that does not know where to: compare the port with their CLUSTER_LISTEN',
  ],
  [
    /no answer|timed? ?out|aborted|no route|unreachable/i,
    'Let the cluster port through the firewalls of both hosts, both ways; the table of ports is in docs/operations.md',
  ],
]

const adviceOf = (tried: string): string =>
  advice.find(([pattern]) => pattern.test(tried))?.[1] ??
  'Start the other members, and let the cluster port through the firewalls of both hosts, both ways'

/** Who is up and cannot be asked from here; and what is told to others that none of them can reach. */
export const portsCheck: Check = ({ self, members, links, discovery, settings: { mode } }) => {
  const unlinked = others(members, self).filter(({ id, state }) => state === 'alive' && !links.includes(id))
  const onlyHere = self.addresses.length > 0 && self.addresses.every(isLoopback)
  const expectsHosts = discovery.addresses.some(({ address }) => !isLoopback(address))
  return [
    ...(unlinked.length === 0 || discovery.isAlone
      ? []
      : [
          problem(
            `${namesOf(unlinked)} can be reached by others and not from here`,
            `Let the cluster port through between these hosts, both ways: ${unlinked
              .flatMap(({ addresses }) => addresses)
              .slice(0, 4)
              .join(', ')}`,
          ),
        ]),
    ...(onlyHere && (expectsHosts || (mode === 'production' && discovery.expectsOthers))
      ? [
          problem(
            `it listens on loopback only: ${self.addresses.join(', ')}`,
            'No other host can reach it. Set CLUSTER_LISTEN=/ip4/0.0.0.0/tcp/4100, or CLUSTER_ANNOUNCE to what it is reached at from outside',
          ),
        ]
      : []),
  ]
}

const isLoopback = (address: string): boolean =>
  /^\/ip4\/127\.|^\/ip6\/::1\/|^\/dns\w*\/localhost\//.test(address)

/** Who is down or does not answer. */
export const viewCheck: Check = ({ self, members, view }) => {
  const down = others(members, self).filter(({ state }) => state === 'down')
  const suspect = others(members, self).filter(({ state }) => state === 'suspect')
  return [
    ...(suspect.length === 0
      ? []
      : [notice(`${namesOf(suspect)} does not answer now`, 'Within seconds it is up or down; look again')]),
    ...(down.length === 0
      ? []
      : [
          problem(
            `${namesOf(down)} ${down.length === 1 ? 'is' : 'are'} down; ${view === 'whole' ? 'the others are here' : `here is a ${view} of the cluster`}`,
            'Start them again, or let the cluster port through if they run. One that will never come back: grapevine members forget <member>',
          ),
        ]),
  ]
}

/** Rotation is under way while more than one is accepted. */
export const secretsCheck: Check = ({ secrets }) =>
  secrets < 2
    ? []
    : [
        notice(
          `${secrets} secrets of the cluster are accepted: the first signs, the others are about to go`,
          'Once all members have the new one first, drop the old ones after seven days, when no session signed with them can be alive',
        ),
      ]

export const others = (members: readonly Member[], self: Member): readonly Member[] =>
  members.filter(({ id, state }) => id !== self.id && state !== 'left')

export const namesOf = (members: readonly Pick<Member, 'name'>[]): string =>
  members.map(({ name }) => name).join(', ')
