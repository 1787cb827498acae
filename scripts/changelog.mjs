// `npm run changelog`: CHANGELOG.md from the commits, `area: what is now true`, by day and area.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const top = fileURLToPath(new URL('..', import.meta.url))

/** The commits that lead here, newest first, without merges. One that holds several ideas lists them in its body, `- area: what is now true`, in the order they came. */
function commits() {
  const log = execFileSync(
    'git',
    ['log', '--no-merges', '--date=short', '--format=%ad%x09%B%x00'],
    { cwd: top, encoding: 'utf8', maxBuffer: 1 << 26 },
  )
  return log
    .split('\0')
    .filter((commit) => commit.trim() !== '')
    .flatMap((commit) => {
      const [day, text] = commit.trimStart().split('\t')
      const [subject, ...body] = text.split('\n')
      const ideas = body.flatMap((line) => /^- (?=[\w /.-]{1,24}: )(.*)$/.exec(line)?.[1] ?? [])
      return [...ideas.toReversed(), subject].map((said) => {
        const [, area = '', what = said] = /^([\w /.-]{1,24}): (.*)$/.exec(said) ?? []
        return { day, area, what }
      })
    })
}

/** The page: the newest day first; in it the areas by name, in each what came to be true, in order. */
export function page(all) {
  const days = new Map()
  for (const c of all) days.set(c.day, [...(days.get(c.day) ?? []), c])
  const parts = [...days].map(([day, of]) => {
    const areas = [...new Set(of.map((c) => c.area))].toSorted((a, b) => (a < b ? -1 : 1))
    const lines = areas.flatMap((area) =>
      of
        .filter((c) => c.area === area)
        .toReversed()
        .map((c) => `- ${area === '' ? '' : `**${area}**: `}${c.what}`),
    )
    return `## ${day}\n\n${lines.join('\n')}\n`
  })
  return `# What came to be true, and when\n\nWritten by \`npm run changelog\` from the commits; their bodies say why.\n\n${parts.join('\n')}`
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(join(top, 'CHANGELOG.md'), page(commits()))
