import type { Case } from './case.ts'

/** No log holds a password, a hash, or the secret of the cluster. */
export const checkSecrets = ({ world, findings }: Case): void => {
  const secret = /\$argon2id|secret of \d+ is long|secret is long|the secret of a simulated cluster/
  for (const line of world.logged) if (secret.test(line)) findings.add('secret-in-log', line)
}
