import type { PasswordHasher } from '@grapevine/auth-middleware'
import type { Instance } from '../instance/instance.ts'
import type { Site } from '../markup/site.ts'
import type { Views } from '../pages/views.ts'
import type { FrameOf } from './page-frame.ts'

export interface AuthRouteParts {
  readonly instance: Instance
  readonly hasher: PasswordHasher
  readonly site: Site
  readonly views: Views
  readonly frameOf: FrameOf
}
