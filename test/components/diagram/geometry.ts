import { ADDRESS, NAME } from '#components/diagram/layout/advances.ts'
import type { Area, Box, Scene } from '#components/diagram/layout/index.ts'
import { boundsOf, headsOf, textsOf, type Text } from '#components/diagram/layout/texts.ts'
import { placeOf } from '#components/diagram/place.ts'
import { legsOf, wayOf } from '#components/diagram/way.ts'
import { crosses, route } from '#components/diagram/wire.ts'
import { stops } from '#components/figure/store/stops.ts'
import type { Walk } from '#lib/index.ts'

const areaOf = (b: Box): Area => ({ x: b.x - b.w / 2, y: b.y - b.h / 2, w: b.w, h: b.h })
const meet = (a: Area, b: Area): boolean =>
  a.x < b.x + b.w && a.x + a.w > b.x && a.y < b.y + b.h && a.y + a.h > b.y
const holds = (a: Area, b: Area): boolean =>
  b.x >= a.x - 0.01 &&
  b.y >= a.y - 0.01 &&
  b.x + b.w <= a.x + a.w + 0.01 &&
  b.y + b.h <= a.y + a.h + 0.01
const pairs = <T>(all: readonly T[]): (readonly [T, T])[] =>
  all.flatMap((a, i) => all.slice(i + 1).map((b) => [a, b] as const))

const traysOf = (s: Scene): readonly Area[] => [
  ...s.columns.map((c) => c.tray),
  ...(s.vpc === null ? [] : [s.vpc.tray]),
]
function headWords({ columns, vpc }: Scene): Text[] {
  const cloud: Text[] =
    vpc === null
      ? []
      : [
          { text: vpc.name.text, x: vpc.name.x, y: vpc.y + 26, anchor: 'start', mono: false },
          { text: vpc.cidr, x: vpc.name.x, y: vpc.y + 44, anchor: 'start', mono: true },
        ]
  return [...columns.flatMap(headsOf), ...cloud].filter((t) => t.text !== '')
}

/** What is wrong with the places of a picture: a line each. */
export function wrongIn(scene: Scene, walk: Walk): string[] {
  const whole: Area = { x: 0, y: 0, w: scene.width, h: scene.height }
  const trays = traysOf(scene)
  const words = [
    ...headWords(scene).map((t) => ({ t, box: null })),
    ...scene.boxes.flatMap((box) => textsOf(box).map((t) => ({ t, box }))),
  ]
  const bounds = words.map(({ t }) => boundsOf(t))
  return [
    ...(NAME < 13 || ADDRESS < 12 ? ['words too small'] : []),
    ...scene.boxes.filter((b) => !holds(whole, areaOf(b))).map((b) => `${b.id} outside`),
    ...pairs(scene.boxes).flatMap(([a, b]) =>
      meet(areaOf(a), areaOf(b)) ? [`${a.id} on ${b.id}`] : [],
    ),
    ...scene.boxes.flatMap((b) =>
      trays.some((t) => meet(areaOf(b), t)) ? [`${b.id} in a tray`] : [],
    ),
    ...trays.flatMap((t) =>
      [...scene.columns, ...(scene.vpc === null ? [] : [scene.vpc])].some((a) => holds(a, t))
        ? []
        : ['a tray outside'],
    ),
    ...words.flatMap(({ t, box }, i) => [
      ...(holds(whole, bounds[i]!) ? [] : [`“${t.text}” outside`]),
      ...(box !== null && box.kind !== 'gate' && !holds(areaOf(box), bounds[i]!)
        ? [`“${t.text}” cut by ${box.id}`]
        : []),
      ...scene.boxes
        .filter((b) => b !== box && meet(areaOf(b), bounds[i]!))
        .map((b) => `“${t.text}” on ${b.id}`),
      ...(trays.some((x) => meet(x, bounds[i]!)) ? [`“${t.text}” in a tray`] : []),
      ...words
        .slice(i + 1)
        .filter((_, k) => meet(bounds[i]!, bounds[i + 1 + k]!))
        .map((o) => `“${t.text}” on “${o.t.text}”`),
    ]),
    ...wires(scene, walk),
    ...stops(walk, 'network').flatMap(({ step }) => {
      const s = walk.steps[step]!
      // Who only hears of an ARP question, or of a frame for others, takes no part.
      return walk.messages[s.message]?.kind !== 'arp' && placeOf(scene, s) === null
        ? [`no place for ${s.in} ${s.dev ?? ''} ${s.stage}`]
        : []
    }),
  ]
}

/** Wires and ways through boxes, trays and names. */
function wires(scene: Scene, walk: Walk): string[] {
  const by = new Map(scene.boxes.map((b) => [b.id, b]))
  const runs = new Map(
    [
      ...scene.wires.map(([a, b]) => [by.get(a)!, by.get(b)!] as const),
      ...walk.messages.flatMap((m) =>
        legsOf(scene, wayOf(scene, walk, m.n)).map((l) => [l.from, l.to] as const),
      ),
    ].map((r) => [`${r[0].id} to ${r[1].id}`, r]),
  )
  const heads = headWords(scene).map(boundsOf)
  return [...runs].flatMap(([name, [a, b]]) => {
    const points = route(scene, a, b)
    const hit = crosses(scene, [a, b], points)
    const parts = points.slice(1).map((p, i): Area => {
      const q = points[i]!
      return {
        x: Math.min(p[0], q[0]),
        y: Math.min(p[1], q[1]),
        w: Math.abs(p[0] - q[0]),
        h: Math.abs(p[1] - q[1]),
      }
    })
    return [
      ...(hit === null ? [] : [`${name} crosses ${hit.id}`]),
      ...(parts.some(
        (p) =>
          p.h > 20 &&
          scene.columns.some((c) => [c.x, c.x + c.w].some((x) => Math.abs(x - p.x) < 4)),
      )
        ? [`${name} runs along a border`]
        : []),
      ...(parts.every((p) => p.w < 0.01 || p.h < 0.01) ? [] : [`${name} is oblique`]),
      ...(parts.every((p) => holds({ x: 0, y: 0, w: scene.width, h: scene.height }, p))
        ? []
        : [`${name} leaves the picture`]),
      ...(traysOf(scene).some((t) => parts.some((p) => meet(p, t)))
        ? [`${name} crosses a tray`]
        : []),
      ...(heads.some((t) => parts.some((p) => meet(p, t))) ? [`${name} crosses words`] : []),
    ]
  })
}
