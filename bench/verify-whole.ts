import { memoryOf } from './processes.ts'
import { command } from './program.ts'

export type Verification = Readonly<{ entries: number; seconds: number; mostMb: number }>

/** `cityhall ledger verify` beside the running program; throws unless the ledger is whole. */
export async function verify(data: string): Promise<Verification> {
  const { code, says, seconds, mostMb } = await command(
    data,
    ['ledger', 'verify', '--json'],
    (pid) => memoryOf(pid).most,
  )
  if (code !== 0) throw new Error(`the ledger is not whole: ${says.slice(0, 2000)}`)
  return { entries: (JSON.parse(says) as { size: number }).size, seconds, mostMb }
}

export async function verifyWhole(data: string): Promise<number> {
  return (await verify(data)).entries
}
