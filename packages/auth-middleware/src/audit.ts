import type Koa from 'koa'
import { authContext } from './auth-context.ts'
import type { AuditEvent, AuditFact } from './audit-event.ts'
import { deviceOf } from './devices/known-device.ts'
import { sessionHandle } from './sessions/session-handle.ts'

/** A listener that throws does not undo what happened; koa reports its error. */
export const audit = (ctx: Koa.Context, fact: AuditFact): void => {
  try {
    const { onAudit } = authContext(ctx)
    onAudit?.({ ...fact, at: sessionHandle(ctx).now(), ip: ctx.ip, ...circumstances(ctx) })
  } catch (error) {
    ctx.app.emit('error', error, ctx)
  }
}

const circumstances = (ctx: Koa.Context): Pick<AuditEvent, 'actor' | 'device' | 'requestId'> => {
  const [actor, device, requestId] = [ctx.state.user?.id, deviceOf(ctx)?.id, ctx.response.get('X-Request-Id')]
  return {
    ...(actor === undefined ? {} : { actor }),
    ...(device === undefined ? {} : { device }),
    ...(typeof requestId === 'string' && requestId !== '' ? { requestId } : {}),
  }
}
