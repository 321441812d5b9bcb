import { expect, test } from 'vitest'
import * as api from './index.ts'

test('these names are the public interface', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "AnswerError",
      "ClusterStoppedError",
      "FaultTimeoutError",
      "MEMBERSHIP_CHANNEL",
      "NoMemberError",
      "NodeStartError",
      "NodeStateError",
      "NotBuiltError",
      "NotEventuallyError",
      "OptionError",
      "PageError",
      "ReaperError",
      "UnknownNodeError",
      "browser",
      "eventually",
      "startCluster",
    ]
  `)
})
