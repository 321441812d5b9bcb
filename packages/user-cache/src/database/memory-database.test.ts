import { memoryDatabase } from '../testing/memory-database.ts'
import { describeMirroredDatabase, describeUserDatabase } from '../testing/user-database-contract.ts'

describeUserDatabase('the fake of the tests', async () => memoryDatabase())
describeMirroredDatabase('the fake of the tests', async () => memoryDatabase())
