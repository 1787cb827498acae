import { encode } from '#lib/wire/codec.ts'
import {
  find,
  FLANNEL_UDP_PORT,
  PROTO,
  VXLAN_PORTS,
  type Packet,
  ipOf,
  isIp,
} from '#lib/wire/packet.ts'
import { isBare } from '#lib/topology/devs.ts'
import { dev, deviceAt, netns } from '#lib/topology/topology.ts'
import type { Frame, Walk } from '#lib/trace/walk.ts'
import { bytesOf, type RawFrame } from '#lib/analysis/read/frames.ts'
import { told } from '#lib/analysis/read/detail.ts'
import { explain, seen } from '#lib/words/index.ts'

/*  pcapng (draft-ietf-opsawg-pcapng, sections 3 and 4): blocks one after another,
   |   block type (32)   |   total length (32)   |   body, a multiple of 32 bits   |   total length again (32)   |
    where a body may end in options, each padded to 32 bits,
   |   code (16)   |   length without the padding (16)   |   value   | ... |   0 (16)   |   0 (16)   |
    All numbers are little-endian here: the writer chooses, and the byte-order magic of the section header says which. */
const LITTLE = true
const MAGIC = 0x1a2b3c4d
const BLOCK = { section: 0x0a0d0d0a, device: 1, packet: 6 } as const
const OPTION = {
  end: 0,
  comment: 1,
  os: 3,
  userappl: 4,
  name: 2,
  description: 3,
  tsresol: 9,
  flags: 2,
  packetid: 5,
} as const
const LINKTYPE = { ethernet: 1, raw: 101 } as const
/** if_tsresol: a time counts units of 10 to the minus 6 seconds. */
const MICROSECONDS = 6
const MAX_OPTION = 0xffff

/** epb_flags: bits 0 and 1 are the direction, bits 2 to 4 how a frame was received, which is said of one that came in only. */
const DIRECTION: { readonly [D in Frame['dir']]: number } = { in: 1, out: 2 }
const RECEPTION: { readonly [T in NonNullable<Frame['to']>]: number } = {
  host: 1,
  multicast: 2,
  broadcast: 3,
  otherhost: 4,
}

const UTF8 = new TextEncoder()

/** Writes blocks into one buffer that grows: an array for each field costs more than the rest. What is not written is zero, so padding is skipped. */
function writer() {
  let b = new Uint8Array(1 << 16)
  let view = new DataView(b.buffer)
  let at = 0
  const room = (n: number): void => {
    if (at + n <= b.length) return
    const more = new Uint8Array(Math.max(b.length * 2, at + n))
    more.set(b.subarray(0, at))
    b = more
    view = new DataView(b.buffer)
  }
  const words = (...values: readonly number[]): void => {
    room(values.length * 4)
    for (const v of values) {
      view.setUint32(at, v, LITTLE)
      at += 4
    }
  }
  const skip = (length: number): void => {
    at += (length + 3) & ~3
  }
  return {
    words,
    bytes(x: Uint8Array): void {
      room(x.length + 3)
      b.set(x, at)
      skip(x.length)
    },
    option(code: number, length: number, ...values: readonly number[]): void {
      words(code | (length << 16), ...values)
    },
    /** An option in UTF-8, as much of it as an option holds: `encodeInto` cuts no character in two. */
    text(code: number, s: string): void {
      const most = Math.min(s.length * 3, MAX_OPTION)
      room(most + 8)
      const { written } = UTF8.encodeInto(s, b.subarray(at + 4, at + 4 + most))
      words((code | (written << 16)) >>> 0)
      skip(written)
    },
    block(type: number, body: () => void): void {
      const start = at
      words(type, 0)
      body()
      const total = at + 4 - start
      words(total)
      view.setUint32(start + 4, total, LITTLE)
    },
    written: () => b.slice(0, at),
  }
}
type Writer = ReturnType<typeof writer>

/** The UDP port whose payload is a packet, and the dissector that reads it; null if there is none. A first fragment has its ports in the payload. */
function tunnel(p: Packet): { readonly port: number; readonly as: 'vxlan' | 'ip' } | null {
  const ip = ipOf(p)
  const udp = find(p, 'udp')
  const inside = udp === undefined ? undefined : p.headers[p.headers.indexOf(udp) + 1]
  const kind = inside?.kind
  if (udp !== undefined)
    return kind === 'vxlan'
      ? { port: udp.dport, as: 'vxlan' }
      : isIp(inside)
        ? { port: udp.dport, as: 'ip' }
        : null
  if (ip === undefined || !ip.mf || ip.offset > 0 || ip.proto !== PROTO.udp) return null
  const port = ((p.payload[2] ?? 0) << 8) | (p.payload[3] ?? 0)
  return VXLAN_PORTS.includes(port)
    ? { port, as: 'vxlan' }
    : port === FLANNEL_UDP_PORT
      ? { port, as: 'ip' }
      : null
}

/** What a reader of the capture has to know, a comment each: how its time counts, and what Wireshark must be told to decode. */
export function captureNotes(walk: Walk): readonly string[] {
  const said = new Set([seen().noClock])
  for (const { packet } of walk.frames) {
    const t = tunnel(packet)
    if (t !== null)
      said.add(t.as === 'vxlan' ? seen().carriesVxlan(t.port) : seen().carriesIp(t.port))
    if (find(packet, 'tcp') !== undefined) said.add(seen().segmentTwice)
  }
  return [...said]
}

/** `vxlan of node node-1, MTU 1450`. */
function description(walk: Walk, f: Pick<Frame, 'in' | 'dev'>): string | null {
  const n = netns(walk.after, f.in)
  const d = n === undefined ? undefined : dev(n, f.dev)
  return n === undefined || d === undefined
    ? null
    : `${d.kind} of ${n.role} ${n.name}${n.node === n.name ? '' : ` on ${n.node}`}, MTU ${d.mtu}`
}

/** Why a frame is here: the sentences of what was decided since the frame before it on its way; the last is that of its own step. */
function why(walk: Walk, f: Frame): readonly string[] {
  const said: string[] = []
  for (
    let s = walk.steps[f.step];
    s !== undefined && (s.n === f.step || s.frames.length === 0);
    s = walk.steps[s.from]
  )
    if (s.n === f.step || told(s)) said.push(explain(s, walk.after))
  return said.toReversed()
}

/** A frame as it is written: `bare` has no Ethernet header, `packet` is the number it has wherever it is seen. */
interface Seen {
  readonly in: string
  readonly dev: string
  readonly dir: Frame['dir']
  readonly to: Frame['to']
  readonly bare: boolean
  readonly bytes: Uint8Array
  readonly says: string | null
  readonly packet: number | null
  readonly comments: readonly string[]
}

function section(out: Writer, notes: readonly string[], os: string | null): void {
  out.block(BLOCK.section, () => {
    // Version 1.0; the section's length, 64 bits of ones, is left open.
    out.words(MAGIC, 1, 0xffffffff, 0xffffffff)
    for (const s of notes) out.text(OPTION.comment, s)
    if (os !== null) out.text(OPTION.os, os)
    out.text(OPTION.userappl, 'Packet Walk')
    out.option(OPTION.end, 0)
  })
}

function device(out: Writer, f: Seen): void {
  out.block(BLOCK.device, () => {
    // No snapshot length: frames are whole.
    out.words(f.bare ? LINKTYPE.raw : LINKTYPE.ethernet, 0)
    out.text(OPTION.name, `${f.in}/${f.dev}`)
    if (f.says !== null) out.text(OPTION.description, f.says)
    out.option(OPTION.tsresol, 1, MICROSECONDS)
    out.option(OPTION.end, 0)
  })
}

function packet(
  out: Writer,
  f: Seen,
  { on, seq }: { readonly on: number; readonly seq: number },
): void {
  out.block(BLOCK.packet, () => {
    // There is no clock, only an order: the time (its upper half, then its lower) is the frame's number.
    out.words(on, 0, seq, f.bytes.length, f.bytes.length)
    out.bytes(f.bytes)
    out.option(OPTION.flags, 4, DIRECTION[f.dir] | ((f.to === null ? 0 : RECEPTION[f.to]) << 2))
    // The draft wants one number for a packet wherever it is captured on its way: in Wireshark, frame.packet_id follows a message over all devices.
    if (f.packet !== null) out.option(OPTION.packetid, 8, f.packet, 0)
    for (const s of f.comments) out.text(OPTION.comment, s)
    out.option(OPTION.end, 0)
  })
}

function file(
  notes: readonly string[],
  os: string | null,
  frames: readonly Seen[],
): Uint8Array<ArrayBuffer> {
  const out = writer()
  section(out, notes, os)
  const ids = new Map<string, number>()
  const on = frames.map((f) => {
    const name = `${f.in}/${f.dev}`
    const id = ids.get(name) ?? ids.size
    if (id === ids.size) {
      ids.set(name, id)
      device(out, f)
    }
    return id
  })
  frames.forEach((f, i) => packet(out, f, { on: on[i]!, seq: i }))
  return out.written()
}

/** The frames of a walk as a capture for Wireshark: an interface for each device they were seen on, and with each frame why it is there. */
export function pcapng(walk: Walk): Uint8Array<ArrayBuffer> {
  return file(
    captureNotes(walk),
    null,
    walk.frames.map((f) => ({
      in: f.in,
      dev: f.dev,
      dir: f.dir,
      to: f.to,
      bare: f.packet.headers[0]?.kind !== 'ethernet',
      bytes: encode(f.packet),
      says: description(walk, f),
      packet: f.message,
      comments: why(walk, f),
    })),
  )
}

/** What a kernel showed of the same walk, in the same form; its words are the kernel's alone. */
export function kernelPcapng(
  walk: Walk,
  kernel: string,
  frames: readonly RawFrame[],
): Uint8Array<ArrayBuffer> {
  const notes = [
    seen().capturedFrom(kernel),
    seen().withoutTimes,
    seen().offloaded,
    ...captureNotes(walk).slice(1),
  ]
  return file(
    notes,
    `Linux ${kernel}`,
    frames.map((f) => {
      const d = deviceAt(walk.before, f.in, f.dev)
      return {
        in: f.in,
        dev: f.dev,
        dir: f.dir,
        to: f.to,
        bare: d !== undefined && isBare(d),
        bytes: bytesOf(f),
        says: description(walk, f),
        packet: null,
        comments: [],
      }
    }),
  )
}
