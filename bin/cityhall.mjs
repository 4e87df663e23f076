#!/usr/bin/env -S MALLOC_ARENA_MAX=2 node --max-semi-space-size=4
// Requests are short-lived: a small young generation and two arenas of the C library's keep the process under 200 MB
// (src/let-go.ts, bench/RESULTS.md). This file is plain JavaScript: the program's first file is compiled before there is
// a cache, and a TypeScript one would load the compiler at every start.
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

// What was compiled once is kept: the next start is twice as quick. Where the folder cannot be written, Node.js goes on.
enableCompileCache(join(import.meta.dirname, '..', 'node_modules', '.cache', 'cityhall'))
const { runCommand } = await import('../src/main.ts')

process.exitCode = await runCommand(process.argv)
