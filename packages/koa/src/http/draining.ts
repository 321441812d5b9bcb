import type Koa from 'koa'
import type { Draining } from './health/readiness.ts'

/** While it drains, answers are the last of their connection: who keeps connections open looks for another instance. */
export const lastAnswers =
  ({ isDraining }: Draining): Koa.Middleware =>
  (ctx, next) => {
    if (isDraining()) ctx.set('Connection', 'close')
    return next()
  }
