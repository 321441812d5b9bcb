import type Koa from 'koa'
import { formField } from '../http/form-field.ts'
import { maxPasswordBytes } from '../passwords/password.ts'

const maxUsernameLength = 256

/** What was typed, before anything is known of it. */
export interface Credentials {
  /** At most 256 UTF-16 units, without the space around it that keyboards of phones add; empty when nothing usable came. */
  readonly username: string
  /** As typed; `undefined` when nothing usable came. */
  readonly password: string | undefined
}

/** Reads the fields `username` and `password` of the parsed body. */
export const readCredentials = (ctx: Koa.Context): Credentials => ({
  username: formField(ctx, 'username', maxUsernameLength)?.trim() ?? '',
  password: formField(ctx, 'password', maxPasswordBytes),
})
