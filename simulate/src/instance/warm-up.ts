import { createGrapevine } from '@grapevine/koa'

/** What an instance loads when it starts is loaded before the first run: reading files takes real time. */
export const warmUp = async (): Promise<void> => {
  await createGrapevine({ ownsProcess: false, name: ' ' }).catch(() => undefined)
}
