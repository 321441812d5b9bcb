import type { Reporter, TestModule } from 'vitest/node'

/** Ends a run with one plain line that any tool can read: `unit: 12 passed, 0 failed`. */
export const closingLine: Reporter = {
  onTestRunEnd: (modules) => {
    const counts = { passed: 0, failed: 0, skipped: 0 }
    for (const state of modules.flatMap(statesOf)) {
      if (state !== 'pending') counts[state] += 1
    }
    // A file that could not even be read holds no test, and has failed all the same.
    counts.failed += modules.filter(
      (module) => module.state() === 'failed' && statesOf(module).every(isGood),
    ).length
    const name = modules[0]?.project.name ?? 'tests'
    const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''
    process.stdout.write(`\n${name}: ${counts.passed} passed, ${counts.failed} failed${skipped}\n`)
  },
}

type State = 'passed' | 'failed' | 'skipped' | 'pending'

const statesOf = (module: TestModule): State[] =>
  [...module.children.allTests()].map((test) => test.result().state)

const isGood = (state: State): boolean => state !== 'failed'
