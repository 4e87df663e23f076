import { runCommand as run } from './doors/command-line/index.ts'
import { refuse } from './refuse.ts'

/** Runs one command of `npx cityhall`. Answers with the exit code: 0 done, 1 refused, 2 usage. */
export async function runCommand(argv: readonly string[]): Promise<number> {
  try {
    // Loaded is what the command needs: the whole house takes longer to load than most commands to run.
    return await run(argv, {
      serve: async (env) => (await import('./serve-until-stopped.ts')).serveUntilStopped(env),
      readFiles: async (folder) => (await import('./cityhall.ts')).readFiles(folder),
      ground: async (env, work, migrate) => (await import('./on-ground.ts')).onGround(env, work, migrate),
      ledger: async (env, work) => (await import('./on-ledger.ts')).onLedger(env, work),
    })
  } catch (error) {
    // A fault of ours names what was attempted and no person; where it was thrown helps only who debugs.
    const { message, stack } = error instanceof Error ? error : new Error(String(error))
    return refuse([process.env.LOG_LEVEL === 'debug' ? (stack ?? message) : message])
  }
}
