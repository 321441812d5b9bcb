import type Koa from 'koa'
import { formField } from '../http/form-field.ts'
import { MAX_PASSWORD_BYTES } from '../passwords/password.ts'

const MAX_USERNAME_LENGTH = 256

/** What was typed, before anything is known of it. */
export interface Credentials {
  /** At most 256 UTF-16 units, as typed; empty when nothing usable came. */
  readonly username: string
  /** As typed; `undefined` when nothing usable came. */
  readonly password: string | undefined
}

/** Reads the fields `username` and `password` of the parsed body. */
export function readCredentials(ctx: Koa.Context): Credentials {
  return {
    username: formField(ctx, 'username', MAX_USERNAME_LENGTH) ?? '',
    password: formField(ctx, 'password', MAX_PASSWORD_BYTES),
  }
}
