export type Settings = {
  sockets: string
  /** Also listens on this port of 127.0.0.1, for tests of a server over TCP. */
  port?: number
  /** Tests may give up durability for speed; nothing else may. */
  durable: boolean
}

/**
 * PostgreSQL's settings, given on its command line at every start, so that no file in the data folder can differ.
 * It logs its own affairs (`log`, `fatal`, `panic`) and never a failed statement: those may repeat a person's words.
 */
export function settingsArguments(settings: Settings): string[] {
  const values: Record<string, string> = {
    listen_addresses: settings.port === undefined ? '' : '127.0.0.1',
    port: String(settings.port ?? 5432),
    unix_socket_directories: settings.sockets,
    unix_socket_permissions: '0700',
    cluster_name: 'cityhall',
    // Tests let two hundred people want the same hour, each on a connection of her own.
    max_connections: settings.durable ? '60' : '320',
    shared_buffers: '128MB',
    effective_cache_size: '512MB',
    work_mem: '8MB',
    maintenance_work_mem: '64MB',
    random_page_cost: '1.1',
    jit: 'off',
    // No extra processes for reading: on small machines they cost more than they bring.
    io_method: 'sync',
    // Containers give 64 MB of shared memory in /dev/shm, too little for parallel plans.
    max_parallel_workers_per_gather: '0',
    fsync: settings.durable ? 'on' : 'off',
    synchronous_commit: settings.durable ? 'on' : 'off',
    full_page_writes: settings.durable ? 'on' : 'off',
    // Most pages that a letter touches hold hashes: they do not grow smaller, and trying takes a sixth of its time.
    wal_compression: 'off',
    max_wal_size: '1GB',
    checkpoint_timeout: '10min',
    password_encryption: 'scram-sha-256',
    timezone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C',
    log_destination: 'stderr',
    logging_collector: 'off',
    log_line_prefix: '',
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_parameter_max_length_on_error: '0',
    log_checkpoints: 'off',
  }
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}
