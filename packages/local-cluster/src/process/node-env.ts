import { InvalidOptionError, shown } from '@grapevine/std'
import type { NodePlace } from '../config.ts'

/** Taken over from this process: enough to run programs, and nothing that could change how a test goes. */
const inheritedNames = ['PATH', 'HOME', 'TMPDIR', 'TZ', 'LANG'] as const

/**
 * All variables of a node. `NODE_OPTIONS` and whatever else a test runner or a shell has set stays out, unless it is
 * given: a test must not pass on one machine and fail on the next for a variable that nobody named.
 *
 * @throws InvalidOptionError if `given` sets what the cluster has to set.
 */
export const nodeEnv = (
  place: NodePlace,
  given: Readonly<Record<string, string>>,
  parent: Readonly<Record<string, string | undefined>>,
): Record<string, string> => {
  const own = { PORT: String(place.port), HOST: place.host, DATA_DIR: place.dataDir, NODE_NAME: place.name }
  for (const name of Object.keys(own)) {
    if (Object.hasOwn(given, name))
      throw new InvalidOptionError('env', shown(name), 'any variable that the cluster does not set')
  }
  const inherited = inheritedNames.flatMap((name) => {
    const value = parent[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return { ...Object.fromEntries(inherited), ...given, ...own }
}
