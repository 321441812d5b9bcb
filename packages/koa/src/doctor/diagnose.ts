import { aloneCheck, portsCheck, secretsCheck, viewCheck } from './checks/cluster.ts'
import { clocksCheck, versionsCheck } from './checks/members.ts'
import { contentCheck, databaseCheck, namesCheck, readyCheck } from './checks/content.ts'
import { diskCheck, slotsCheck } from './checks/disk.ts'
import type { Check } from './checks/check.ts'
import type { Examination } from './examination.ts'
import type { Diagnosis } from './finding.ts'

/** In the order in which they are to be mended: what comes first is often the cause of what follows. */
const checks: Readonly<Record<string, Check>> = {
  disk: diskCheck,
  alone: aloneCheck,
  ports: portsCheck,
  members: viewCheck,
  versions: versionsCheck,
  clocks: clocksCheck,
  ready: readyCheck,
  content: contentCheck,
  names: namesCheck,
  database: databaseCheck,
  secrets: secretsCheck,
  slots: slotsCheck,
}

export const diagnose = (of: Examination): Diagnosis => {
  const found = Object.entries(checks).map(([check, look]) => ({ check, findings: look(of) }))
  return {
    name: of.self.name,
    findings: found.flatMap(({ check, findings }) => findings.map((finding) => ({ check, ...finding }))),
    passed: found.filter(({ findings }) => findings.length === 0).map(({ check }) => check),
  }
}
