import { sleep, systemClock } from '@grapevine/std'
import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import { createGrapevine } from '../create-grapevine.ts'
import { quietPorts } from './alone.ts'
import { browserOf, serve, type Browser } from './browser.ts'
import type { GrapevineOptions } from '../config.ts'
import type { Grapevine } from '../grapevine.ts'

export interface ServedInstance<Name extends string> {
  readonly grapevine: Grapevine<Name>
  /** A new browser, with no cookies. */
  readonly browser: () => Browser
}

/** An instance without network and disk, served over http at a free port until the test is over. */
export const servedInstance = async <Name extends string = never>(
  options: GrapevineOptions<Name> = {},
): Promise<ServedInstance<Name>> => {
  const grapevine = await createGrapevine({
    ownsProcess: false,
    log: pino({ level: 'silent' }),
    ...options,
    env: {
      CLUSTER_SECRET: 'the-secret-of-a-test',
      NODE_ENV: 'development',
      DRAIN_DELAY: '0',
      ...options.env,
    },
    ports: { ...quietPorts(), ...options.ports },
  })
  onTestFinished(() => grapevine.stop())
  while (!grapevine.isReady()) await sleep(systemClock, 5)
  const port = await serve(grapevine.callback())
  return { grapevine, browser: () => browserOf(port) }
}

/** Somebody who has signed up and logged in. */
export const member = async (
  browser: Browser,
  username = 'ada',
  headers: Readonly<Record<string, string>> = {},
): Promise<Browser> => {
  const fields = { username, password: 'a password that is long' }
  await browser.submit('/signup', fields, headers)
  await browser.submit('/', fields, headers)
  return browser
}
