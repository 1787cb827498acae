import type { Address } from '#lib/wire/addr.ts'
import type { Table } from '../../table.ts'

/** A listening socket. Its program answers by itself; with `relay` it hands on to there what it is told, and back what it hears, as docker-proxy does. */
export interface Socket {
  readonly proto: 'tcp' | 'udp'
  readonly port: number
  readonly addr?: Address
  readonly program: string
  readonly relay?: { readonly ip: Address; readonly port: number }
}

/** One socket as `ss -ltnup` prints it; a program that is null is the kernel. */
export function listening(proto: string, local: string, program: string | null): string {
  return `${proto}  ${proto === 'udp' ? 'UNCONN' : 'LISTEN'}  ${local}  0.0.0.0:*${program === null ? '' : `  users:(("${program}"))`}`
}

export function socketText(x: Socket): string {
  return listening(x.proto, `${x.addr ?? '0.0.0.0'}:${x.port}`, x.program)
}

export const sockets: Table<Socket, 'netns'> = { in: 'netns', born: [], text: socketText }
