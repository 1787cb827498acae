import { quoted, typed } from '../../shell.ts'
import { type Change, row, sets, type Tool } from '../../tool.ts'
import { matchText } from './row.ts'
import type { NfRule } from './row.ts'
import { saved, tableFlag } from './saved.ts'

function rule(c: Change<'netfilter'>): string {
  const r = row(c)
  const verb = (how: string, x: NfRule, raw: NfRule): string =>
    `iptables ${tableFlag(x.table)}${how} ${x.target === undefined ? 'RULE' : matched(x, raw)}`
  if (c.op === 'set' && sets(c, 'table', 'chain'))
    return typed({
      commands: [
        `iptables ${tableFlag(c.before!.table)}-D ${c.before!.chain} ${c.nth === 0 ? 'N' : c.nth}`,
        verb(`-A ${r.chain}`, r, c.raw),
      ],
    })
  return verb(
    `${{ add: '-A', del: '-D', set: '-R' }[c.op]} ${r.chain}${c.op === 'set' ? ` ${c.nth === 0 ? 'N' : c.nth}` : ''}`,
    r,
    c.raw,
  )
}

/** The comment as a shell takes it: between double quotes while nothing in it means something there. */
function matched(r: NfRule, raw: NfRule): string {
  if (raw.comment === undefined) return matchText(r)
  const said = /^[\w-]+$/.test(raw.comment)
    ? raw.comment
    : /^[\w .:,;/()[\]<>=@'-]*$/.test(raw.comment)
      ? `"${raw.comment}"`
      : quoted(raw.comment)
  return matchText({ ...r, comment: 'COMMENT' }).replace(
    /--comment COMMENT/,
    () => `--comment ${said}`,
  )
}

export const netfilter: Tool<'netfilter'> = {
  readAt: 5,
  editAt: 4,
  command: rule,
  print: saved('netfilter'),
}
