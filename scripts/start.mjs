// `npm start`: the sample city, served until Ctrl-C. The program runs in this very process, so signals and the exit
// code are its own. npm finds the pinned Node.js 24 in node_modules/.bin.
const major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  console.error(
    `Cityhall needs Node.js 24, and this is ${process.version}: start it with "npm start", which brings its own.`,
  )
  process.exit(2)
}
if (process.env.NODE_ENV !== 'production') process.env.CITYHALL_SAMPLE ??= '1'
const program = new URL('../bin/cityhall.mjs', import.meta.url)
process.argv = [process.argv[0], program.pathname, 'serve', ...process.argv.slice(2)]
await import(program.href)
