import { describeUserDatabase } from './database.contract.test.support.ts'
import { memoryDatabase } from './memory-database.test.support.ts'

describeUserDatabase('the fake of the tests', () => Promise.resolve(memoryDatabase()))
