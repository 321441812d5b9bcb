import { describeUserDatabase } from '../testing/user-database-contract.ts'
import { memoryDatabase } from '../testing/memory-database.ts'

describeUserDatabase('the fake of the tests', () => Promise.resolve(memoryDatabase()))
