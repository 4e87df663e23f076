// Installs what package-lock.json names when it is missing or differs. Runs on whatever Node.js came with npm (20 or
// later), before anything is installed: no dependency, no TypeScript. `--dev`: also what developing and testing need.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const dev = process.argv.includes('--dev')

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages
  } catch {
    return undefined
  }
}

/** npm writes the second file last of all, so an installation that was cut short counts as missing. */
function whatDiffers() {
  const wanted = packagesOf('package-lock.json')
  const found = packagesOf('node_modules/.package-lock.json')
  if (!wanted) return undefined
  if (!found) return 'nothing is installed yet'
  for (const [path, { version, optional, devOptional, dev: forDev }] of Object.entries(wanted)) {
    if (path === '' || optional || devOptional || (forDev && !dev)) continue
    if (found[path]?.version !== version) return `${path.replace(/^.*node_modules\//, '')} ${version} is missing`
  }
  return existsSync(join(root, 'node_modules/.bin/node')) ? undefined : 'Node.js 24 is missing'
}

const differs = whatDiffers()
if (differs) {
  console.log(`Installing packages (${differs}) ...`)
  const words = ['ci', dev ? '--include=dev' : '', '--no-audit', '--no-fund', '--loglevel=error'].filter(Boolean)
  const npm = process.env.npm_execpath
  // The Node.js that runs npm, not the one in node_modules: that one is about to be replaced.
  const node = process.env.npm_node_execpath ?? process.execPath
  const ran = npm
    ? spawnSync(node, [npm, ...words], { cwd: root, stdio: 'inherit' })
    : spawnSync('npm', words, { cwd: root, stdio: 'inherit' })
  if (ran.status !== 0) {
    console.error('The packages could not be installed; npm says why above.')
    process.exit(ran.status ?? 1)
  }
}
