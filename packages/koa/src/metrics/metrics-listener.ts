import type { RequestListener } from 'node:http'
import type { Metrics } from './metrics.ts'

/** Answers with metrics, and nothing else, where they have an address of their own. */
export const metricsListener =
  ({ contentType, render }: Pick<Metrics, 'contentType' | 'render'>): RequestListener =>
  (request, response) => {
    const [path] = (request.url ?? '').split('?')
    if (request.method !== 'GET' || path !== '/metrics') {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('Only /metrics is here.\n')
      return
    }
    render().then(
      (text) => response.writeHead(200, { 'Content-Type': contentType }).end(text),
      () => response.writeHead(500).end(),
    )
  }
