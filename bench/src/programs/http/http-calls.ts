/** What the four servers answer to; each serves the same page, from a port of 127.0.0.1. */
export interface HttpCalls {
  start(options: HttpOptions): Promise<{ readonly port: number }>
}

export interface HttpOptions {
  /** Accounts named by `usernameOf`, 0 to users - 1. */
  readonly users: number
  readonly redisPort?: number
  /** Folder for what is on disk. */
  readonly folder?: string
}
