import { passwordHasher, requireUser } from '@grapevine/auth-middleware'
import { countedHasher } from './routes/counted-hasher.ts'
import { createApp } from './http/app.ts'
import { startInstance } from './instance/instance.ts'
import { withSystemPorts } from './instance/ports.ts'
import { openPostgres } from './database/postgres.ts'
import { createSite } from './markup/site.ts'
import { createMetrics } from './metrics/metrics.ts'
import { defaultViews } from './pages/views.ts'
import { drainSwitch, serving } from './serving.ts'
import { shareWithGroup } from './own-process/share-with-group.ts'
import { readSettings } from './settings/settings.ts'
import { takeSlot } from './slots/slots.ts'
import { startLog } from './start-log.ts'
import type { RequestListener } from 'node:http'
import { checkGrapevineOptions, type GrapevineOptions } from './config.ts'
import type { DocumentOptions, FactsOptions } from './instance/document-options.ts'
import type { Grapevine } from './grapevine.ts'

/** What `createGrapevine` does, but for the process. */
export const startGrapevine = async <Name extends string, Facts extends string>(
  options: GrapevineOptions<Name, Facts>,
): Promise<Grapevine<Name, Facts>> => {
  checkGrapevineOptions(options)
  const { name = 'grapevine', title = name, env = process.env, views, ...rest } = options
  shareWithGroup()
  const slot = await takeSlot(readSettings({ appName: name, env, overrides: rest.settings ?? {} }))
  const { settings } = slot
  const log = startLog(settings, env, rest.log)
  slot.onUnread((folders) => {
    if (folders.length > 0) log.warn({ folders }, unreadWords)
  })
  const hasher = countedHasher(rest.ports?.hasher ?? passwordHasher({ peppers: settings.peppers }))
  const url = settings.databaseUrl
  const { database: where = {} } = rest
  const shownAs = `${title} ${settings.nodeName}`
  const database =
    url === undefined ? undefined : await openPostgres({ url, name: shownAs, options: where, log })
  const ports = { ...withSystemPorts(settings, log, { database, ...rest.ports }), hasher }
  const noDocuments: Partial<Record<Name, DocumentOptions>> = {}
  const noFacts: Partial<Record<Facts, FactsOptions>> = {}
  const { documents = noDocuments, facts = noFacts } = rest
  const instance = await startInstance({ settings, ports, documents, facts, slot })
  const stopping = new AbortController()
  const draining = drainSwitch()
  const metrics = createMetrics(instance, hasher)
  const { koa, router, frameOf } = createApp({
    instance,
    settings,
    ports,
    hasher,
    site: createSite({ ...rest, name: title, basePath: settings.basePath }),
    views: { ...defaultViews, ...views },
    metrics,
    draining,
    stopping: stopping.signal,
  })
  const callback = (): RequestListener => {
    const answer = koa.callback()
    return (request, response) => void answer(request, response)
  }
  const served = serving({ instance, settings, ports, metrics, callback, slot, draining, stopping })
  return {
    ...instance,
    ...served,
    isReady: () => instance.isReady() && !draining.isDraining(),
    settings,
    log,
    app: koa,
    router,
    frameOf,
    hasher,
    requireUser: requireUser(),
    callback,
  }
}

const unreadWords =
  'slots of DATA_DIR have data that no process reads: the other members may lack it. Run as many processes as before for a moment, then the folders can go'
