import type { Prediction } from '#lib/index.ts'
import type { BreakId } from '#components/words/en/pages.ts'

/** What the first page breaks, and asks before it shows it. */
export const BROKEN: readonly (Prediction & { readonly id: BreakId })[] = [
  {
    id: 'stop-flanneld',
    scenario: 'flannel-udp',
    whatIfs: ['stop-flanneld'],
    ask: 'ends',
    options: ['no-default', 'unchanged', 'no-source-check'],
  },
  {
    id: 'delete-fdb',
    scenario: 'flannel-vxlan',
    whatIfs: ['delete-fdb'],
    ask: 'told',
    options: ['loss-is-told', 'loss-is-refused', 'unchanged'],
  },
  {
    id: 'delete-rule-512',
    scenario: 'vpc-cni',
    whatIfs: ['delete-rule-512'],
    ask: 'ends',
    options: ['unchanged', 'pods-unknown'],
  },
]
