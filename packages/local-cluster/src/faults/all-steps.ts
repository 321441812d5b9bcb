/** Every step is taken, in order, whatever became of those before; the first failure is thrown at the end. */
export const allSteps = async (steps: readonly (() => Promise<void>)[]): Promise<void> => {
  const failures: unknown[] = []
  for (const step of steps) await step().catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw failures[0]
}
