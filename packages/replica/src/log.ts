/** The part of a structured logger (pino's shape) that the replica writes to. */
export interface Log {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

const ignore = (): void => undefined

export const silentLog: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore }

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
