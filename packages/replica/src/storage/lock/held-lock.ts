/** The folder is this process's until it is released, or the process ends. */
export interface Lock {
  release(): Promise<void>
}
