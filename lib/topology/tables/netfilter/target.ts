import type { Address, Cidr } from '#lib/wire/addr.ts'
import { hex, words } from '../../text.ts'

/** What stands behind -j, with its options. Addresses and ports are single ones, no ranges. */
export type NfTarget =
  | { readonly type: 'ACCEPT' | 'DROP' | 'RETURN' }
  /** GOTO is -g: what ends behind it returns to where the last jump came from. */
  | { readonly type: 'JUMP' | 'GOTO'; readonly chain: string }
  | { readonly type: 'MASQUERADE'; readonly randomFully?: boolean }
  | { readonly type: 'SNAT'; readonly to: Address; readonly randomFully?: boolean }
  | { readonly type: 'DNAT'; readonly to: Address; readonly port?: number }
  /** To this machine: the input device's first address, at OUTPUT 127.0.0.1. */
  | { readonly type: 'REDIRECT'; readonly port?: number }
  /** The network's bits of an address become those of `to`, the others stay. */
  | { readonly type: 'NETMAP'; readonly to: Cidr }
  /** new mark = (mark & ~mask) ^ value for set; or, xor and and do what they say with value. */
  | {
      readonly type: 'MARK'
      readonly op: 'set' | 'or' | 'xor' | 'and'
      readonly value: number
      readonly mask: number
    }
  | { readonly type: 'CONNMARK'; readonly op: 'set'; readonly value: number; readonly mask: number }
  | {
      readonly type: 'CONNMARK'
      readonly op: 'save' | 'restore'
      readonly nfmask: number
      readonly ctmask: number
    }
  /** The connection of the packet is not looked up, nor begun. */
  | { readonly type: 'NOTRACK' }
  | { readonly type: 'CT'; readonly notrack: boolean }
  /** What a SYN says of the largest segment becomes no more than this, or than the routes there and back carry; one of the two is written. */
  | { readonly type: 'TCPMSS'; readonly mss?: number; readonly clampToPmtu?: boolean }
  /** Says so in the kernel's log, or to a program, and goes on. */
  | { readonly type: 'LOG'; readonly prefix?: string; readonly level?: number }
  | { readonly type: 'NFLOG'; readonly prefix?: string; readonly group?: number }
  | { readonly type: 'REJECT'; readonly with: Rejection }

/** What --reject-with says. */
export type Rejection =
  | 'icmp-port-unreachable'
  | 'icmp-host-unreachable'
  | 'icmp-admin-prohibited'
  | 'tcp-reset'

/** The level of LOG that nobody needs to write: warning. */
const LOG_LEVEL = 4

/** `-j …` or `-g …`, as iptables-save prints it. */
export function targetText(t: NfTarget): string {
  switch (t.type) {
    case 'ACCEPT':
    case 'DROP':
    case 'RETURN':
    case 'NOTRACK':
      return `-j ${t.type}`
    case 'JUMP':
      return `-j ${t.chain}`
    case 'GOTO':
      return `-g ${t.chain}`
    case 'MASQUERADE':
      return words('-j MASQUERADE', t.randomFully === true && '--random-fully')
    case 'SNAT':
      return words(`-j SNAT --to-source ${t.to}`, t.randomFully === true && '--random-fully')
    case 'DNAT':
      return `-j DNAT --to-destination ${t.to}${t.port === undefined ? '' : `:${t.port}`}`
    case 'REDIRECT':
      return words('-j REDIRECT', t.port !== undefined && `--to-ports ${t.port}`)
    case 'NETMAP':
      return `-j NETMAP --to ${t.to}`
    case 'CT':
      return '-j CT --notrack'
    case 'TCPMSS':
      return `-j TCPMSS ${t.mss === undefined ? '--clamp-mss-to-pmtu' : `--set-mss ${t.mss}`}`
    case 'LOG':
      return words(
        '-j LOG',
        t.prefix !== undefined && `--log-prefix ${quoted(t.prefix)}`,
        t.level !== undefined && t.level !== LOG_LEVEL && `--log-level ${t.level}`,
      )
    case 'NFLOG':
      return words(
        '-j NFLOG',
        t.prefix !== undefined && `--nflog-prefix ${quoted(t.prefix)}`,
        t.group !== undefined && t.group !== 0 && `--nflog-group ${t.group}`,
      )
    case 'REJECT':
      return `-j REJECT --reject-with ${t.with}`
    case 'CONNMARK':
      return t.op === 'set'
        ? `-j CONNMARK --set-xmark ${hex(t.value)}/${hex(t.mask)}`
        : `-j CONNMARK --${t.op}-mark --nfmask ${hex(t.nfmask)} --ctmask ${hex(t.ctmask)}`
    case 'MARK':
      return `-j MARK --set-xmark ${markPair(t)}`
  }
}

/** The kernel knows one operation, (mark & ~mask) ^ value; iptables-save prints that. */
function markPair(t: Extract<NfTarget, { type: 'MARK' }>): string {
  const value = hex(t.value)
  switch (t.op) {
    case 'set':
      return `${value}/${hex(t.mask)}`
    case 'or':
      return `${value}/${value}`
    case 'xor':
      return `${value}/0x0`
    case 'and':
      return `0x0/${hex(~t.value)}`
  }
}

/** xtables_save_string(): quotes unless all characters are plain. */
export function quoted(text: string): string {
  return /^[\w-]+$/.test(text) ? text : `"${text.replace(/(["\\'])/g, '\\$1')}"`
}
