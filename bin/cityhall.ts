#!/usr/bin/env -S MALLOC_ARENA_MAX=2 node --max-semi-space-size=4 --heap-growing-percent=20
// Requests are short-lived: a small young generation, an old one that is tidied whenever it has grown by a fifth, and two
// arenas of the C library's keep the process under 200 MB (bench/RESULTS.md).
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

// What was compiled once is kept: the next start is twice as quick. Where the folder cannot be written, Node.js goes on.
enableCompileCache(join(import.meta.dirname, '..', 'node_modules', '.cache', 'cityhall'))
const { runCommand } = await import('../src/main.ts')

process.exitCode = await runCommand(process.argv)
