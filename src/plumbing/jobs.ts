import { PgBoss } from 'pg-boss'
import pg from 'pg'
import { groups } from './postgres/logins.ts'

const schema = 'pgboss'

/** A kind of job: its name, and how often it is done by itself (cron, UTC), if it is. */
export type Queue = Readonly<{ name: string; every?: string }>

/**
 * Prepares the job queue as the owner, when migrating. Acts put a job in with the same SQL statement that does the act,
 * so there is never one without the other; only the keeper takes jobs out.
 */
export async function installJobs(ownerUrl: string, queues: readonly Queue[]): Promise<void> {
  const boss = new PgBoss({
    connectionString: ownerUrl,
    schema,
    max: 1,
    schedule: false,
    supervise: false,
    reindex: false,
  })
  boss.on('error', () => undefined)
  await boss.start()
  for (const { name } of queues) await boss.createQueue(name)
  await boss.stop({ graceful: false, close: true })
  const owner = new pg.Client({ connectionString: ownerUrl })
  await owner.connect()
  try {
    await owner.query(`grant usage on schema ${schema} to ${groups.keeper};
      grant select, insert, update, delete on all tables in schema ${schema} to ${groups.keeper};
      grant execute on all functions in schema ${schema} to ${groups.keeper}`)
  } finally {
    await owner.end()
  }
}

export type Work = Readonly<{ queue: Queue; work: (data: unknown) => Promise<void> }>

/** Takes jobs and does them, one at a time a queue, until stopped. A job that throws is tried again as its row says. */
export async function startJobs(
  keeperUrl: string,
  works: readonly Work[],
  onFault: (error: unknown) => void,
): Promise<{ stop: () => Promise<void> }> {
  const boss = new PgBoss({
    connectionString: keeperUrl,
    options: `-c role=${groups.keeper}`,
    schema,
    max: 3,
    migrate: false,
    createSchema: false,
    reindex: false,
    application_name: 'cityhall jobs',
  })
  boss.on('error', onFault)
  await boss.start()
  for (const { queue, work } of works) {
    await boss.work(queue.name, { pollingIntervalSeconds: 1, batchSize: 1 }, async (jobs) => {
      for (const job of jobs) await work(job.data)
    })
    if (queue.every !== undefined) await boss.schedule(queue.name, queue.every)
  }
  return { stop: () => boss.stop({ graceful: true, timeout: 5_000, close: true }) }
}
