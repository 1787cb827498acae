#!/usr/bin/env node
// The command. Plain JavaScript, so that it runs right after `npm ci`; it registers a loader for the TypeScript behind it.
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const fail = (line) => {
  process.stderr.write(`packet-walk: ${line}\n`)
  process.exit(2)
}
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19))
  fail(`Node 20.19 or newer is needed, and this is ${process.versions.node}; install a newer one`)

/** The package that is not there, from the words of Node's loader or of esbuild; null for any other error. A file of ours is no package. */
function missing(error) {
  const [, node, esbuild] =
    /Cannot find (?:package|module) '([^'./#][^']*|[^']*node_modules[^']*)'|The package "([^"]+)" could not be found/.exec(
      error?.message,
    ) ?? []
  if (node === undefined && esbuild === undefined) return null
  return /^(?:@[^/]+\/)?[^/]+/.exec((node ?? esbuild).replace(/^.*node_modules\//, ''))[0]
}

// A reader that stops early (`| head`) is not an error.
process.stdout.on('error', (e) => {
  if (e.code === 'EPIPE') process.exit(0)
})
try {
  const { register } = await import('tsx/esm/api')
  register()
  const { main } = await import('./main.ts')
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  const name = missing(error)
  if (name === null) throw error
  fail(
    `the packages it needs are not all installed (${name} is missing); run npm ci in ${dirname(dirname(dirname(fileURLToPath(import.meta.url))))}`,
  )
}
