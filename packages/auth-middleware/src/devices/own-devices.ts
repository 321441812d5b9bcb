import type { AccountNews } from './account-history.ts'
import type Koa from 'koa'
import type { Account } from '../account.ts'
import { authContext, signedInAccount } from '../auth-context.ts'
import type { DeviceRecord } from './device-directory.ts'
import { sessionHandle } from '../sessions/session-handle.ts'

/** A device of one's own that is logged in, or may be. */
export interface OwnDevice extends Pick<DeviceRecord, 'id' | 'since' | 'addressGroup' | 'browser'> {
  /** It is the one that asks. */
  readonly isThis: boolean
}

/** Where the one who asks is logged in, the latest first. Empty for guests, and without a directory. */
export const ownDevices = (ctx: Koa.Context): readonly OwnDevice[] => {
  const account = signedInAccount(ctx)
  if (account === undefined) return []
  const current = sessionHandle(ctx).current()?.device
  return liveDevices(ctx, account)
    .map(({ id, since, addressGroup, browser }) => ({
      id,
      since,
      addressGroup,
      browser,
      isThis: id === current,
    }))
    .toSorted((one, other) => other.since - one.since)
}

/**
 * What happened to the account of who asks since they last logged in on this device, or anywhere: log-ins on devices that
 * are new, and what the history says. It stays until `dismissNews`, or the next log-in.
 */
export const accountNews = (ctx: Koa.Context): readonly AccountNews[] => {
  const [account, session] = [signedInAccount(ctx), sessionHandle(ctx).current()]
  if (account === undefined || session?.newsSince === undefined) return []
  const { newsSince: at, device } = session
  const devices = liveDevices(ctx, account).filter(({ id, since }) => id !== device && since > at)
  const news = devices.map(({ since, browser, addressGroup }): AccountNews => ({
    kind: 'new-device',
    at: since,
    detail: `${browser}, ${addressGroup}`,
  }))
  return [...news, ...(authContext(ctx).history?.since(account.id, at) ?? [])].toSorted(
    (one, other) => other.at - one.at,
  )
}

/** They have been read. */
export const dismissNews = (ctx: Koa.Context): void => {
  const handle = sessionHandle(ctx)
  const session = handle.current()
  if (session === undefined) return
  const { newsSince, ...rest } = session
  if (newsSince !== undefined) handle.update(rest)
}

export const liveDevices = (ctx: Koa.Context, { id, sessionEpoch }: Account): readonly DeviceRecord[] => {
  const { devices, ledger } = authContext(ctx)
  return (devices?.of(id) ?? []).filter(
    (device) => device.epoch === sessionEpoch && !ledger.isEnded(device.id),
  )
}
