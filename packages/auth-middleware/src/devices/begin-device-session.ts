import { createHash } from 'node:crypto'
import { codeOf, reasonOf } from '@grapevine/std'
import type Koa from 'koa'
import type { Account } from '../account.ts'
import { audit } from '../audit.ts'
import { authContext } from '../auth-context.ts'
import { browserName } from './browser-name.ts'
import { deviceOf, rememberDevice, type Device } from './known-device.ts'
import { liveDevices } from './own-devices.ts'
import { startSession } from '../sessions/login-session.ts'
import { sessionHandle } from '../sessions/session-handle.ts'
import { addressGroup } from '../throttle/address-group.ts'

export interface BeginOptions {
  readonly returnTo?: string | undefined
  /** Another account that the same password opens. */
  readonly twin?: string | undefined
  /** Milliseconds for the device to be recorded, if it is new. */
  readonly timeoutMs: number
}

/** Everything that a log-in is, once it is known whose: a session of its own, a device that is known, and listed. */
export const beginDeviceSession = async (
  ctx: Koa.Context,
  account: Account,
  options: BeginOptions,
): Promise<void> => {
  const newsSince = lastLogin(ctx, account)
  const device = rememberDevice(ctx, account, isEndedHere(ctx, account))
  const id = deviceId(account, device)
  startSession(ctx, account, { returnTo: options.returnTo, twin: options.twin, device: id, newsSince })
  await list(ctx, account, id, options.timeoutMs)
}

/** The one of this account in this browser; of another account in the same browser it is another. */
export const deviceId = (account: Account, { id }: Device): string =>
  createHash('sha256').update(`${account.id}\n${id}`).digest('base64url').slice(0, 22)

/** Whoever was logged out on this device comes back as on a new one: the end of the old one stays recorded. */
const isEndedHere = (ctx: Koa.Context, account: Account): boolean => {
  const device = deviceOf(ctx)
  return device !== undefined && authContext(ctx).ledger.isEnded(deviceId(account, device))
}

/** Here, or else anywhere. */
const lastLogin = (ctx: Koa.Context, account: Account): number | undefined => {
  const device = deviceOf(ctx)
  if (device?.userId === account.id) return device.at
  const times = liveDevices(ctx, account).map(({ since }) => since)
  return times.length === 0 ? undefined : Math.max(...times)
}

/** A list that is not complete keeps nobody out: it is told, and the log-in goes on. */
const list = async (ctx: Koa.Context, account: Account, id: string, timeoutMs: number): Promise<void> => {
  const { devices } = authContext(ctx)
  if (devices === undefined) return
  const record = liveDevices(ctx, account).find((known) => known.id === id) ?? {
    id,
    userId: account.id,
    epoch: account.sessionEpoch,
    since: sessionHandle(ctx).now(),
    addressGroup: addressGroup(ctx.ip),
    browser: browserName(ctx.get('User-Agent')),
  }
  try {
    await devices.add(record, { signal: AbortSignal.timeout(timeoutMs) })
  } catch (error) {
    audit(ctx, {
      type: 'device-not-listed',
      userId: account.id,
      reason: codeOf(error) ?? reasonOf(error),
    })
  }
}
