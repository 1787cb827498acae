import type { Refuse } from '../../refuse.ts'
import type { Netns } from '../../topology.ts'
import type { Socket } from './row.ts'

const ANY = '0.0.0.0'
const addr = (x: Socket): string => x.addr ?? ANY

/** Of two sockets on one port one is of another address, and neither of all (inet_bind_conflict(); the programs here set no SO_REUSEPORT). */
function clash(a: Socket, b: Socket): boolean {
  return (
    a.proto === b.proto &&
    a.port === b.port &&
    (addr(a) === addr(b) || addr(a) === ANY || addr(b) === ANY)
  )
}

/** Who came first and has the port. */
function holder(n: Netns, x: Socket): Socket | undefined {
  const at = n.sockets.indexOf(x)
  return n.sockets.find((other, row) => row < at && clash(other, x))
}

export const sockets: Refuse<'sockets'> = {
  // bind(): EADDRINUSE.
  alone: (n, x) => {
    const first = holder(n, x)
    return first === undefined
      ? null
      : `Address already in use: ${x.proto} ${addr(first)}:${x.port} is ${first.program}’s; choose another port`
  },
  one: (n, x) => `socket in row ${n.sockets.indexOf(x)}`,
}
