import type { PasswordHasher, ProblemView } from '@grapevine/auth-middleware'
import type { Instance } from '../instance/instance.ts'
import type { Site } from '../markup/site.ts'
import type { Views } from '../pages/views.ts'
import type { NoticeCookie } from './notice-cookie.ts'
import type { FrameOf } from './page-frame.ts'

export interface AuthRouteParts {
  readonly instance: Instance
  readonly hasher: PasswordHasher
  readonly site: Site
  readonly views: Views
  readonly frameOf: FrameOf
  readonly notices: NoticeCookie
  /** The page of what did not work. */
  readonly problem: ProblemView
}
