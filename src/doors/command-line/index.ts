export type { Ground, Program } from './program.ts'
export { runCommand } from './run-command.ts'
