import { pino, type Logger } from 'pino'
import { operatorWarning } from './routes/operators.ts'
import { requestFields } from './http/request-log.ts'
import { modeWarning } from './settings/mode.ts'
import { logOutput } from './own-process/log-output.ts'
import type { Environment } from './settings/environment.ts'
import type { Settings } from './settings/settings.ts'

/** The log of an instance, with what is to be said of its settings. */
export const startLog = (
  { logLevel, nodeName, mode, operators }: Settings,
  env: Environment,
  log: Logger = pino({ level: logLevel, base: { node: nodeName }, mixin: requestFields }, logOutput()),
): Logger => {
  const warning = modeWarning(env)
  if (warning !== undefined) log.warn({}, warning)
  const noOperator = operatorWarning(operators)
  if (noOperator !== undefined) log.warn({}, noOperator)
  if (mode === 'development') {
    log.warn({}, 'development: cookies are sent without Secure, and everybody may see /cluster')
  }
  return log
}
