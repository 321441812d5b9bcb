import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { launchChromium } from '../people/chromium.ts'
import { serveSources } from './serve.ts'
import { states } from './states.ts'

/** `pnpm pictures [folder]`: the live view of each recorded state, on a desktop, on a phone in the dark, and with forced colours. */
const windows = {
  desktop: { viewport: { width: 1_100, height: 900 } },
  phone: { viewport: { width: 360, height: 740 }, colorScheme: 'dark', deviceScaleFactor: 2 },
  forced: { viewport: { width: 800, height: 900 }, forcedColors: 'active' },
} as const

const folder = resolve(process.env['INIT_CWD'] ?? '.', process.argv[2] ?? '.pictures')
await mkdir(folder, { recursive: true })
const served = await serveSources(
  Object.fromEntries(Object.entries(states).map(([name, state]) => [name, { read: async () => state }])),
)
const { browser, close } = await launchChromium()
for (const [kind, options] of Object.entries(windows)) {
  const page = await (await browser.newContext(options)).newPage()
  for (const name of Object.keys(states)) {
    await page.goto(served.urlOf(name))
    await page.getByText('Live.').waitFor()
    await page.screenshot({ path: join(folder, `${name}-${kind}.png`), fullPage: true })
  }
}
await close()
await served[Symbol.asyncDispose]()
process.stdout.write(`${Object.keys(states).length * Object.keys(windows).length} pictures in ${folder}\n`)
