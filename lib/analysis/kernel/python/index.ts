import { COMMON } from './common.ts'
import { CONNECTIONS } from './connections.ts'
import { FLANNELD } from './flanneld.ts'
import { BOUND, LISTEN, RELAY } from './sockets.ts'
import { VPC } from './vpc.ts'

/* The programs beside the kernel, in Python: the VPC between the NICs, flanneld's udp backend, listeners. They know the rows they are told (lab-settings.ts) and nothing that a walk computed. */

const MAIN = `

for line in sys.stdin:
    what, *words = line.split()
    if what in ('sysctl', 'plain', 'carrier', 'connections', 'start'):
        globals()[what](*words)
    if what != 'sysctl':
        print('done', flush=True)
`

/** One file with the programs that a lab needs. */
export function python(has: {
  readonly vpc: boolean
  readonly flanneld: boolean
  readonly listen: boolean
  readonly relay: boolean
  readonly connections: boolean
}): string {
  return [
    COMMON,
    has.connections ? CONNECTIONS : '',
    has.vpc ? VPC : '',
    has.flanneld ? FLANNELD : '',
    has.listen || has.relay ? BOUND : '',
    has.listen ? LISTEN : '',
    has.relay ? RELAY : '',
    MAIN,
  ].join('')
}
