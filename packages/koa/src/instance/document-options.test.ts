import { expect, test } from 'vitest'
import { checkDocuments, checkFacts } from './document-options.ts'

test.each(['users', 'sessions-1', 'member', 'slot-2', 'slot-64'])('%s is no name for a document', (name) => {
  expect(() => checkDocuments('documents', { [name]: {} })).toThrow('slot-1 and the like')
  expect(() => checkFacts('facts', { [name]: { keptByUser: false } })).toThrow('slot-1 and the like')
})

test('a name that only begins like a slot is free', () => {
  expect(() => checkDocuments('documents', { slots: {}, 'slot-a': {} })).not.toThrow()
})
