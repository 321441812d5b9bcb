/** Bytes of this process's heap and buffers that live, after a collection. @throws without `--expose-gc` */
export const liveBytes = (): number => {
  if (globalThis.gc === undefined) throw new Error('start this program with --expose-gc')
  globalThis.gc()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
