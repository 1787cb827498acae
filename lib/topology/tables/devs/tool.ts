import { addressing } from '../../addresses.ts'
import { isBare, isLo, type Dev, type DevKind } from '../../devs.ts'
import type { KindTool } from '../../devs/tool.ts'
import { KIND_TOOLS } from '../../devs/tools.ts'
import { typed } from '../../shell.ts'
import { numbered, row, sets, type Change, type Tool } from '../../tool.ts'
import type { Netns } from '../../topology.ts'
import { deviceText } from './row.ts'

const KINDS = new Map(Object.entries(KIND_TOOLS)) as unknown as ReadonlyMap<
  string,
  KindTool<DevKind>
>
const toolOf = (d: Dev): KindTool<DevKind> => KINDS.get(d.kind) ?? { make: (_, { set }) => set }
/** What a device is made of: all that cannot be changed afterwards. */
const FIXED = ['kind', ...[...KINDS.values()].flatMap((kind) => kind.fixed ?? [])]

/** Commands that make a device as the row says. */
function made(d: Dev, at: string): { readonly commands: string[]; readonly notes: string[] } {
  const { name } = d
  const words = [d.mac !== undefined && `address ${d.mac}`, d.mtu !== undefined && `mtu ${d.mtu}`]
    .filter((x) => x !== false)
    .join(' ')
  const set = words === '' ? [] : [`ip link set dev ${name} ${words}`]
  const kind = toolOf(d)
  return {
    commands: [
      ...kind.make(d, { words, set, in: at }),
      ...(d.master === undefined ? [] : [`ip link set dev ${name} master ${d.master}`]),
      ...(d.hairpin === undefined
        ? []
        : [`bridge link set dev ${name} hairpin ${d.hairpin ? 'on' : 'off'}`]),
      ...(d.addrs ?? []).map((a) => `ip addr add ${a} dev ${name}`),
      ...(d.up === undefined ? [] : [`ip link set dev ${name} ${d.up ? 'up' : 'down'}`]),
    ],
    notes: [...(kind.notes?.(d) ?? [])],
  }
}

/** Commands that take a device away and make it again. */
function madeAgain(c: Change<'devs'>, d: Dev): string {
  if (d.kind === undefined)
    return typed({
      commands: [`ip link del dev ${c.before!.name}`],
      notes: [
        `and made again with ${Object.entries(c.to)
          .map(([k, x]) => `${k} ${JSON.stringify(x)}`)
          .join(', ')}`,
      ],
    })
  const { name } = c.before!
  const again = made(d, c.in)
  return typed({
    ...again,
    commands: [toolOf(d).unmake?.(name) ?? `ip link del dev ${name}`, ...again.commands],
  })
}

/** Commands for fields of the kind's own. Of what kind the device is may not be known: a field says enough, in the words of the first that has it. */
function changed(d: Dev, to: Partial<Dev>, name: string): readonly string[] {
  const kinds = d.kind === undefined ? [...KINDS.values()] : [toolOf(d)]
  return kinds.map((kind) => kind.change?.(to, name) ?? []).find((x) => x.length > 0) ?? []
}

function device(c: Change<'devs'>): string {
  const d = row(c)
  if (c.op === 'del') return `ip link del dev ${d.name}`
  if (c.op === 'add') return typed(made(d, c.in))
  if (sets(c, ...FIXED)) return madeAgain(c, d)
  const { name, mac, mtu, up, addrs, hairpin, master } = c.to as Partial<Dev>
  const dev = d.name ?? c.before!.name
  const steps = addrs === undefined ? null : addressing(c.before?.addrs ?? [], addrs)
  return typed({
    commands: [
      ...(name === undefined ? [] : [`ip link set dev ${c.before!.name} name ${name}`]),
      ...(mac === undefined ? [] : [`ip link set dev ${dev} address ${mac}`]),
      ...(mtu === undefined ? [] : [`ip link set dev ${dev} mtu ${mtu}`]),
      ...(!sets(c, 'master')
        ? []
        : [`ip link set dev ${dev} ${master === undefined ? 'nomaster' : `master ${master}`}`]),
      ...(hairpin === undefined
        ? []
        : [`bridge link set dev ${dev} hairpin ${hairpin ? 'on' : 'off'}`]),
      ...changed(d, c.to as Partial<Dev>, dev),
      ...(steps === null
        ? []
        : [
            ...(c.before?.addrs === undefined
              ? [`ip addr flush dev ${dev}`]
              : steps.del.map((a) => `ip addr del ${a} dev ${dev}`)),
            ...steps.add.map((a) => `ip addr add ${a} dev ${dev}`),
          ]),
      ...(up === undefined ? [] : [`ip link set dev ${dev} ${up ? 'up' : 'down'}`]),
    ],
  })
}

const state = (n: Netns, d: Dev): string => (d.up ? (toolOf(d).state?.(n, d) ?? 'UP') : 'DOWN')

const link = (d: Dev): string =>
  toolOf(d).link?.(d) ??
  (isBare(d) ? 'link/none' : `link/${isLo(d) ? 'loopback' : 'ether'} ${d.mac}`)

/** `ip addr`, shortened to one line for each device. */
function addrLine(n: Netns, d: Dev): string {
  return `${deviceText(d)} state ${state(n, d)} ${link(d)}${d.addrs.map((a) => ` inet ${a}`).join('')}`
}

export const devs: Tool<'devs'> = {
  readAt: 7,
  editAt: 6,
  command: device,
  print: (n) => ({
    command: 'ip addr',
    note: 'shortened; a veth’s state is said as if its far end were up',
    lines: numbered(n.devs, (d) => addrLine(n, d)),
  }),
}
