import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { repository } from './packed.ts'

/** The blocks of a language in a page of this repository, word for word. */
export const codeBlocks = async (page: string, language: string): Promise<readonly string[]> => {
  const text = await readFile(join(repository, page), 'utf8')
  const blocks = [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)]
  return blocks.filter(([, of]) => of === language).map(([, , code = '']) => code)
}
