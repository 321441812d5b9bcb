import { expect, test } from 'vitest'
import * as api from './index.ts'

test('these names are the public interface', () => {
  expect(Object.keys(api).sort()).toEqual(['adviceOf', 'createHistory', 'dashboard', 'summaryOf', 'told'])
})
