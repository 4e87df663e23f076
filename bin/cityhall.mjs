#!/usr/bin/env -S MALLOC_ARENA_MAX=2 node --max-semi-space-size=8
// Requests are short-lived: a small young generation and two arenas of the C library's keep the process under 200 MB
// (src/let-go.ts, bench/RESULTS.md). This file is plain JavaScript: the program's first file is compiled before there is
// a cache, and a TypeScript one would load the compiler at every start.
import { enableCompileCache, registerHooks } from 'node:module'
import { join } from 'node:path'

// What was compiled once is kept: the next start is twice as quick. Where the folder cannot be written, Node.js goes on.
enableCompileCache(join(import.meta.dirname, '..', 'node_modules', '.cache', 'cityhall'))

// A module of ours names the file that it imports, to the letter. Node.js would still look for each: is it there, is it a
// link, what does the nearest package.json say? For a thousand files that is a fifth of a second at every start.
const ours = new URL('../src/', import.meta.url).href
registerHooks({
  resolve: (name, context, next) =>
    name.startsWith('.') && name.endsWith('.ts') && context.parentURL?.startsWith(ours)
      ? { url: new URL(name, context.parentURL).href, format: 'module-typescript', shortCircuit: true }
      : next(name, context),
})

const { runCommand } = await import('../src/main.ts')

process.exitCode = await runCommand(process.argv)
