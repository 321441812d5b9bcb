import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser } from 'playwright-core'

export const executablePath: string = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export interface Launched {
  readonly browser: Browser
  /** Nothing is left of it then. */
  close(): Promise<void>
}

/** A browser that has never been used. */
export const launchChromium = async (): Promise<Launched> => {
  const home = await mkdtemp(join(tmpdir(), 'browser-'))
  const browser = await chromium.launch({ executablePath, args: flags, env: { HOME: home } })
  return {
    browser,
    close: async () => {
      await browser.close()
      await rm(home, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
