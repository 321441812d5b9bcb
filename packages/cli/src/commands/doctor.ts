import { NoNodeError } from '../errors.ts'
import { fieldOf, shown } from '../table.ts'
import type { Command, CommandContext } from './command.ts'

/** That something is wrong: for scripts. */
const somethingIsWrong = 3

/** What is wrong with the asked node and its cluster as it sees it, and what to do. */
export const doctor: Command = {
  name: 'doctor',
  takes: [],
  words:
    'What is wrong, and what to do: alone, stuck, clocks, versions, content, disk, ports, secrets, slots',
  details: `Exit code ${somethingIsWrong} when there is a problem; notices alone, which may be meant so, are 0.`,
  run: async (context) => {
    const { io, format } = context
    const diagnosis = await diagnosisOf(context)
    await io.write(format === 'json' ? `${JSON.stringify(diagnosis)}\n` : pageOf(diagnosis))
    return diagnosis.findings.some(({ kind }) => kind === 'problem') ? somethingIsWrong : 0
  },
}

interface Finding {
  readonly check: string
  readonly kind: string
  readonly what: string
  readonly todo: string
}

interface Diagnosis {
  readonly name: string
  readonly findings: readonly Finding[]
  readonly passed: readonly string[]
}

const diagnosisOf = async ({ node }: CommandContext): Promise<Diagnosis> => {
  try {
    return readDiagnosis(await node().ask('GET', '/doctor'))
  } catch (error) {
    if (!(error instanceof NoNodeError)) throw error
    return notRunning(error)
  }
}

/** That there is nobody to ask is what a doctor is called for. */
const notRunning = ({ message }: NoNodeError): Diagnosis => ({
  name: 'the node',
  findings: [
    {
      check: 'running',
      kind: 'problem',
      what: message,
      todo: 'If it should run, start it and look at the first lines of its log: a wrong setting ends the start with one line that names it',
    },
  ],
  passed: [],
})

const readDiagnosis = (answer: Readonly<Record<string, unknown>>): Diagnosis => {
  const { findings, passed } = answer
  return {
    name: fieldOf(answer, 'name'),
    findings: (Array.isArray(findings) ? findings : []).map((finding) => ({
      check: fieldOf(finding, 'check'),
      kind: fieldOf(finding, 'kind'),
      what: fieldOf(finding, 'what'),
      todo: fieldOf(finding, 'todo'),
    })),
    passed: (Array.isArray(passed) ? passed : []).map((check) => shown(String(check))),
  }
}

const pageOf = ({ name, findings, passed }: Diagnosis): string => {
  const sections = findings.map(
    ({ check, kind, what, todo }) =>
      `${kind === 'problem' ? 'PROBLEM' : 'notice '}  ${check}: ${what}\n         → ${todo}\n`,
  )
  const good = passed.length === 0 ? [] : [`good     ${passed.join(', ')}\n`]
  return [`${name}: ${summaryOf(findings)}\n`, ...sections, ...good].join('\n')
}

const summaryOf = (findings: readonly Finding[]): string => {
  const problems = findings.filter(({ kind }) => kind === 'problem').length
  const notices = findings.length - problems
  if (findings.length === 0) return 'nothing is wrong'
  const counted = (count: number, word: string): string[] =>
    count === 0 ? [] : [`${count} ${word}${count === 1 ? '' : 's'}`]
  return [...counted(problems, 'problem'), ...counted(notices, 'notice')].join(', ')
}
