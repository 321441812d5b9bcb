import { checkAccounts } from './check-accounts.ts'
import { checkContent } from './check-content.ts'
import { checkErased } from './check-erased.ts'
import { checkQuiet } from './check-quiet.ts'
import { checkSecrets } from './check-secrets.ts'
import { checkSessions } from './check-sessions.ts'
import type { Case } from './case.ts'

/** After the quiet: holds all nodes against what people were told. */
export const judge = async (given: Case): Promise<void> => {
  checkContent(given)
  checkAccounts(given)
  checkErased(given)
  await checkSessions(given)
  await checkQuiet(given)
  checkSecrets(given)
}
