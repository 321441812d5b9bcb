import { checkOptions, type Checks } from '@grapevine/std'
import type Koa from 'koa'
import { authContext } from '../auth-context.ts'
import { confirmedChecks, confirmedForm, type ConfirmedFormOptions } from './confirmed-form.ts'
import { liveDevices } from '../devices/own-devices.ts'
import { UnknownDeviceError } from '../errors.ts'
import { formField } from '../http/form-field.ts'
import { endEarlier } from '../sessions/open-session.ts'
import { sessionHandle } from '../sessions/session-handle.ts'

const checks = confirmedChecks<ConfirmedFormOptions['accounts']>() satisfies Checks<ConfirmedFormOptions>
const maxIdLength = 64

/**
 * POST: the fields `password` and `device`, an id of `ownDevices`. All sessions of the account in that browser end, on every
 * node; who ends the one that they use is logged out.
 */
export const endDevice = (options: ConfirmedFormOptions): Koa.Middleware => {
  const config = checkOptions(options, checks)
  return confirmedForm(config, {
    page: 'end-device',
    done: 'device-ended',
    refused: 'device-end-refused',
    prepare(ctx, user) {
      const device = formField(ctx, 'device', maxIdLength)
      if (device === undefined || !liveDevices(ctx, user).some(({ id }) => id === device)) {
        throw new UnknownDeviceError()
      }
      return device
    },
    async act(ctx, user, device, { write }) {
      const handle = sessionHandle(ctx)
      const issuedAt = handle.now()
      const validUntil = handle.validUntil({ issuedAt })
      await authContext(ctx).ledger.end(device, { userId: user.id, issuedAt, validUntil, signal: write() })
      if (handle.current()?.device !== device) return undefined
      await endEarlier(ctx, config.timeoutMs)
      handle.clear()
      return config.loginPath
    },
  })
}
