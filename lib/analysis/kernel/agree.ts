import type { CapturedFrame, CapturedLayer, OurFrame } from '#lib/analysis/read/frames.ts'
import { allowing, type Allowance, type Fixed } from './allowances.ts'
import { endsOfWrites, text, unpushed } from './agree-tcp.ts'
import { brief, isIpLayer } from './recorded.ts'
import { agree } from './words.ts'

/* The kernel's frames and a walk's, lined up and compared field by field. What may differ is listed in allowances.ts. */

/** Two frames that stand for each other, or one that stands alone; what differs, in words. */
export interface Pair {
  readonly kernel: CapturedFrame | null
  readonly ours: OurFrame | null
  readonly differences: readonly string[]
}
export interface Comparison {
  readonly pairs: readonly Pair[]
  readonly differences: readonly string[]
  readonly used: ReadonlyMap<Allowance, number>
}

/** Frame by frame, field by field, in order. A difference says where, what the kernel showed and what we did. */
export function compare(
  kernel: readonly CapturedFrame[],
  ours: readonly OurFrame[],
  fixed: Fixed,
): Comparison {
  const lastOf = endsOfWrites(ours)
  const { allowed, used } = allowing(fixed)
  const counting = new Map<string, number>()

  const layersDiffer = (
    { where, walk }: { readonly where: string; readonly walk: number },
    theirs: readonly CapturedLayer[],
    mine: readonly CapturedLayer[],
  ): string[] => {
    if (theirs.map((x) => x.type).join() !== mine.map((x) => x.type).join())
      return [
        `${where}kernel ${theirs.map((x) => x.type).join(' ')}, ours ${mine.map((x) => x.type).join(' ')}`,
      ]
    return theirs.flatMap((x, i) => {
      const y = mine[i]!
      return [...new Set([...Object.keys(x), ...Object.keys(y)])].flatMap((key) => {
        if (key === 'quotes')
          return layersDiffer(
            { where: `${where}${x.type}.quotes `, walk },
            (x.quotes ?? []) as CapturedLayer[],
            (y.quotes ?? []) as CapturedLayer[],
          )
        return (allowed(
          x,
          { key, theirs: x[key], mine: y[key] },
          { walk, last: x.type !== 'tcp' || lastOf(y, mine[i - 1]) },
        ) ?? x[key] === y[key])
          ? []
          : [
              agree().field(
                `${where}${x.type}.${key}`,
                String(JSON.stringify(x[key])),
                String(JSON.stringify(y[key])),
              ),
            ]
      })
    })
  }

  const pairs = aligned(kernel, ours).map(([k, o]): Pair => {
    if (o === null) return { kernel: k, ours: null, differences: [agree().missing(brief(k!))] }
    if (k === null) return { kernel: null, ours: o, differences: [agree().notCaptured(brief(o))] }
    const differences: string[] = []
    if (k.to !== o.to) differences.push(agree().field('to', String(k.to), String(o.to)))
    if (k.len !== o.len) differences.push(agree().field('len', String(k.len), String(o.len)))
    differences.push(...layersDiffer({ where: '', walk: o.walk }, k.layers, o.layers))
    const step = fixed.counted === false ? null : tcpStep(k, o, fixed)
    if (step !== null && (counting.get(step.key) ?? step.offset) !== step.offset)
      differences.push(agree().ids)
    if (step !== null) counting.set(step.key, step.offset)
    return { kernel: k, ours: o, differences }
  })
  return {
    pairs,
    used,
    differences: pairs.flatMap((p, i) => {
      const f = (p.kernel ?? p.ours)!
      return p.differences.map((d) => `frame ${i + 1} ${f.ns}/${f.iface} ${f.dir}: ${d}`)
    }),
  }
}

/** Which frame stands for which: the longest order both have, by place and kind of packet. What is in one list only stands alone; a place where both have something else is one pair. */
function aligned(
  kernel: readonly CapturedFrame[],
  ours: readonly OurFrame[],
): (readonly [CapturedFrame | null, OurFrame | null])[] {
  const flags = (x: CapturedLayer) => (x.flags === undefined ? undefined : unpushed(x.flags))
  const kindOf = (x: CapturedLayer): string =>
    x.type + text(x.op ?? x.icmp_type ?? flags(x) ?? x.frag_off)
  const kind = (f: CapturedFrame): string =>
    `${f.ns}/${f.iface} ${f.dir} ${f.layers.map(kindOf).join()}`
  const [a, b] = [kernel.map(kind), ours.map(kind)]
  const best = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1))
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let k = b.length - 1; k >= 0; k -= 1)
      best[i]![k] =
        a[i] === b[k] ? best[i + 1]![k + 1]! + 1 : Math.max(best[i + 1]![k]!, best[i]![k + 1]!)
  const out: (readonly [CapturedFrame | null, OurFrame | null])[] = []
  let [i, k] = [0, 0]
  while (i < a.length || k < b.length) {
    if (i < a.length && k < b.length && a[i] === b[k]) {
      out.push([kernel[i]!, ours[k]!])
      i += 1
      k += 1
    } else if (k >= b.length || (i < a.length && best[i + 1]![k]! >= best[i]![k + 1]!)) {
      out.push([kernel[i]!, null])
      i += 1
    } else {
      out.push([null, ours[k]!])
      k += 1
    }
  }
  return out
}

/** The frames of each namespace in their order, namespaces apart; and the two ways through each device, where a program takes packets in while the kernel takes the next. `arp`: there ARP apart from the rest. */
export function apart<F extends CapturedFrame>(
  frames: readonly F[],
  split: (ns: string) => boolean = () => false,
  arp = false,
): F[] {
  const place = (f: F): string =>
    split(f.ns)
      ? `${f.ns}/${f.iface} ${f.dir}${arp && f.layers.some((x) => x.type === 'arp') ? ' ARP' : ''}`
      : f.ns
  return [...new Set(frames.map(place))]
    .toSorted()
    .flatMap((p) => frames.filter((f) => place(f) === p))
}

/** How far our IP id is from the kernel's; the same for all segments of one direction if both count alike. */
function tcpStep(
  k: CapturedFrame,
  o: OurFrame,
  fixed: Fixed,
): { readonly key: string; readonly offset: number } | null {
  const ip = (f: CapturedFrame): CapturedLayer | undefined =>
    f.layers.find((x) => isIpLayer(x) && x.proto === 6)
  const [a, b] = [ip(k), ip(o)]
  if (a === undefined || b === undefined || fixed.ip_ids.includes(a.id as number)) return null
  // A pod that reaches itself by its Service has the same addresses both ways: the port tells whose ids they are.
  const tcp = o.layers.find((x) => x.type === 'tcp')
  return {
    key: `${o.walk} ${k.ns} ${k.iface} ${String(a.src)} ${String(tcp?.sport)} ${String(a.dst)}`,
    offset: ((b.id as number) - (a.id as number)) & 0xffff,
  }
}
