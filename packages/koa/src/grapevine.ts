import type Koa from 'koa'
import type { PasswordHasher } from '@grapevine/auth-middleware'
import type { Router } from '@koa/router'
import type { RequestListener } from 'node:http'
import type { Logger } from 'pino'
import type { FrameOf } from './routes/page-frame.ts'
import type { Instance } from './instance/instance.ts'
import type { Settings } from './settings/settings.ts'

/** One running instance of an app, with every part of it at hand. */
export interface Grapevine<Name extends string = string, Facts extends string = string> extends Instance<
  Name,
  Facts
> {
  readonly settings: Settings
  readonly log: Logger
  /** The whole app. What is added to it comes after the routes. */
  readonly app: Koa
  /** For the routes of the app's own: there is `ctx.state.user`, a parsed body, and no forged form any more. */
  readonly router: Router
  /** Lets only a user pass; others are sent to the log-in page, which brings them back. */
  readonly requireUser: Koa.Middleware
  /** What a page is framed by, for `layout` of `@grapevine/koa/pages`. */
  readonly frameOf: FrameOf
  readonly hasher: PasswordHasher
  /** For a server of one's own, in the place of `listen`. */
  callback(): RequestListener
  /** Serves at `HOST` and `PORT`. @throws SettingError when they cannot be had; nothing is left running */
  listen(): Promise<void>
  /** Serves what is under way, says goodbye to the other members, and closes the disk. Once, however often it is called. */
  stop(): Promise<void>
}
