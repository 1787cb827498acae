#!/usr/bin/env node
// The command. Plain JavaScript, so that it runs right after `npm ci`; it registers a loader for the TypeScript behind it.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`packet-walk needs Node 20.19 or newer; this is ${process.versions.node}\n`)
  process.exit(2)
}
const { register } = await import('tsx/esm/api')
register()
const { main } = await import('./main.ts')
process.exitCode = await main(process.argv.slice(2))
