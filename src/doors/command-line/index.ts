export type { Ground, LedgerGround, Program } from './program.ts'
export { runCommand } from './run-command.ts'
