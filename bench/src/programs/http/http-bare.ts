import Koa from 'koa'
import { serve } from '../../processes/serve.ts'
import { recordOf } from '../../users.ts'
import type { HttpCalls } from './http-calls.ts'
import { listen, page, signIn } from './site.ts'

/** No session at all: the same page for the same user, whoever asks. */
serve<HttpCalls>({
  start: async () => {
    const app = new Koa()
    const user = recordOf(0)
    app.use((ctx, next) => {
      signIn(ctx, user)
      return next()
    })
    app.use(page)
    return await listen(app)
  },
})
