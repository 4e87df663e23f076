import { prepare, readFiles, serve, type Files, type NotStarted } from './cityhall.ts'
import { runCommand as run, type Ground } from './doors/command-line/index.ts'
import { connect, createLog, readConfig, type Config, type ConfigMistake } from './plumbing/index.ts'
import { letGoOfTheStart } from './let-go.ts'
import { loadSampleCity, sampleReceipt, sampleSignIns } from './sample-city.ts'

/** Runs one command of `npx cityhall`. Answers with the exit code: 0 done, 1 refused, 2 usage. */
export async function runCommand(argv: readonly string[]): Promise<number> {
  try {
    return await run(argv, { serve: serveUntilStopped, readFiles, ground: onGround })
  } catch (error) {
    // A fault of ours names what was attempted and no person; where it was thrown helps only who debugs.
    const { message, stack } = error instanceof Error ? error : new Error(String(error))
    return refuse([process.env.LOG_LEVEL === 'debug' ? (stack ?? message) : message])
  }
}

/** Starts the roles of the configuration and serves until a signal. Prints where it serves, or why it does not. */
async function serveUntilStopped(env: NodeJS.ProcessEnv): Promise<number> {
  const config = readConfig(env)
  if ('refused' in config) return refuse(config.mistakes.map(inWords))
  const ground = await prepare(config, createLog(config))
  if ('refused' in ground) return refuse(ground.says)
  const stopped = untilSignal()
  const trouble = config.sample ? await loadSampleCity(ground) : undefined
  const serving = trouble ?? (await serve(ground).catch((error: unknown) => portTrouble(error, config)))
  if ('refused' in serving) {
    await ground.close()
    return refuse(serving.says)
  }
  letGoOfTheStart()
  announce(config, ground.files, serving.mailPort)
  for (const line of sampleReceipt(ground)) print(line)
  await stopped
  print('Stopping ...')
  await serving.stop()
  await ground.close()
  return Number(process.exitCode ?? 0)
}

async function onGround(
  env: NodeJS.ProcessEnv,
  work: (ground: Ground) => Promise<number>,
  migrate?: 'migrate',
): Promise<number> {
  const config = readConfig({ LOG_LEVEL: 'warn', ...env })
  if ('refused' in config) return refuse(config.mistakes.map(inWords))
  // A command's answer stands alone on standard output, so that another program can read it.
  const ground = await prepare(config, createLog(config, process.stderr), {
    beside: true,
    asItIs: migrate === undefined,
  })
  if ('refused' in ground) return refuse(ground.says)
  const { database, files, keys, signer } = ground
  const owner = connect({
    url: database.ownerUrl ?? database.appUrl,
    max: 8,
    statementTimeout: 0,
    name: 'cityhall command',
  })
  const keeper = connect({
    url: database.keeperUrl,
    role: 'cityhall_keeper',
    max: 4,
    statementTimeout: 0,
    name: 'cityhall command',
  })
  try {
    return await work({
      ...files,
      keys,
      signer,
      owner,
      keeper,
      cabinet: ground.cabinet,
      data: config.data,
      publicUrl: config.publicUrl,
    })
  } finally {
    await Promise.all([owner.close(), keeper.close()])
    await ground.close()
  }
}

/** A second signal ends at once; what was acknowledged is durable anyway. */
function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        resolve()
      })
  })
}

function announce(config: Config, files: Files, mailPort?: number): void {
  print(`${files.city.name.en} is open: ${config.publicUrl}`)
  print(`Staff desk:      ${config.publicUrl}/desk`)
  if (mailPort !== undefined) print(`Mail comes in:   smtp://${config.smtpHost}:${String(mailPort)}`)
  if (config.sample) for (const line of ['', ...sampleSignIns(files)]) print(line)
}

function portTrouble(error: unknown, config: Config): NotStarted {
  const { code, port } = error as NodeJS.ErrnoException & { port?: number }
  if (code !== 'EADDRINUSE') throw error
  const [taken, setting] =
    port !== undefined && port === config.metricsPort ? [port, 'CITYHALL_METRICS_PORT'] : [config.port, 'PORT']
  const says = `port ${String(taken)} on ${config.host} is taken; stop what uses it, or set ${setting} to another number`
  return { refused: 'start', says: [says] }
}

function refuse(says: readonly string[]): number {
  for (const sentence of says) process.stderr.write(`${sentence}\n`)
  return 1
}

function print(sentence: string): void {
  process.stdout.write(`${sentence}\n`)
}

const inWords = ({ name, value, says, allowed }: ConfigMistake) =>
  `${name}${value === undefined ? '' : `=${value}`} ${says}: ${allowed}`
