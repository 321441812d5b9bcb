import { expect, test } from 'vitest'
import * as api from './index.ts'

test('these names are the public interface', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "AnswerError",
      "ClusterStoppedError",
      "FaultTimeoutError",
      "InvalidOptionError",
      "NamespacesUnavailableError",
      "NemesisError",
      "NodeStartError",
      "NodeStateError",
      "NotBuiltError",
      "NotEventuallyError",
      "PageError",
      "ReaperError",
      "SystemCommandError",
      "UnknownNodeError",
      "UnsupportedFaultError",
      "browser",
      "checkRegisters",
      "checkSet",
      "createRecorder",
      "describeAction",
      "drawTimeline",
      "eventually",
      "membershipChannel",
      "playFaults",
      "probeNamespaces",
      "quantilesOf",
      "reportRegisters",
      "reportSet",
      "scheduleFaults",
      "seededRandom",
      "showQuantiles",
      "startCluster",
    ]
  `)
})
