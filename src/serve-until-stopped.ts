import { prepare, serve, type Files, type NotStarted } from './cityhall.ts'
import { letGoOfTheStart } from './let-go.ts'
import { createLog, readConfig, type Config } from './plumbing/index.ts'
import { refuse, refuseConfig } from './refuse.ts'
import { loadSampleCity, sampleReceipt, sampleSignIns } from './sample-city.ts'

/** Starts the roles of the configuration and serves until a signal. Prints where it serves, or why it does not. */
export async function serveUntilStopped(env: NodeJS.ProcessEnv): Promise<number> {
  const config = readConfig(env)
  if ('refused' in config) return refuseConfig(config)
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

function print(sentence: string): void {
  process.stdout.write(`${sentence}\n`)
}
