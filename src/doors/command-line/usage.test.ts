import { expect, test, vi } from 'vitest'
import { runCommand, type Program } from './index.ts'

const nothing = (): never => expect.unreachable('nothing is opened for a command that was typed wrongly')
const program: Program = { serve: nothing, readFiles: nothing, ground: nothing, ledger: nothing }

test.each([
  ['sample --cases many', '--cases takes a whole number'],
  ['case show abc', "'abc' is not a case number"],
  ['case', ''],
  ['nothing-like-it', ''],
])('%s is wrong usage: said on standard error, with the code 2, and nothing is opened', async (line, says) => {
  const said: string[] = []
  const told = vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0)
  const code = await runCommand(['node', 'cityhall', ...line.split(' ')], program)
  told.mockRestore()
  expect(code).toBe(2)
  expect(said.join('')).toContain(says)
})
