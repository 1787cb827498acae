import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { help } from '#lib/cli/usage.ts'
import { ran, top } from './run.ts'

const readme = readFileSync(join(top, 'README.md'), 'utf8')
/** What README shows with the example, each with how it ends there. */
const SHOWN = [
  ...readme.matchAll(/^npx packet-walk (trace|validate) public\/example\.yaml(.*?)(?: +# .*)?$/gm),
].map((m) => [
  m[1]!,
  ...m[2]!
    .trim()
    .split(/ +/)
    .filter((x) => x !== ''),
])

describe('public/example.yaml', () => {
  it('is named by README and by --help, and README shows flows of it', () => {
    expect(help()).toContain('public/example.yaml')
    expect(readme).toContain('](public/example.yaml)')
    expect(SHOWN.length).toBeGreaterThan(2)
  })
  it.each(SHOWN)('packet-walk %s public/example.yaml %s %s %s %s', async (command, ...args) => {
    const r = await ran(command, join(top, 'public/example.yaml'), ...args)
    // The one that its edit stops is the one to the internet.
    expect(r).toMatchObject({ status: args.includes('internet:443') ? 1 : 0, err: '' })
    expect(r.out).toMatch(
      command === 'validate'
        ? /nothing wrong/
        : args.includes('internet:443')
          ? /dropped at node-1\/docker0: a blackhole route/
          : /\ndelivered\n$/,
    )
  })
  it('two nodes in two subnets, a Service, one edit; what it says of its edit is so', async () => {
    const text = readFileSync(join(top, 'public/example.yaml'), 'utf8')
    expect(text.match(/^ {2}- \{ name: node-/gm)).toHaveLength(2)
    expect(text.match(/^ {4}- \{ name: \w, cidr/gm)).toHaveLength(2)
    expect(text.match(/ op: /g)).toHaveLength(1)
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(120)
    const { everyWorld, resolveFlow, walk } = await import('#lib/index.ts')
    const { parseCluster } = await everyWorld()
    const reaches = (yaml: string): boolean => {
      const { topology } = parseCluster(yaml)
      return walk(topology, resolveFlow(topology, { from: 'web', to: 'internet:443' })).delivered
    }
    expect(reaches(text)).toBe(false)
    expect(reaches(text.slice(0, text.indexOf('edits:')))).toBe(true)
  })
})
