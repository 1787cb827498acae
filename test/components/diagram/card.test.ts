import { describe, expect, it } from 'vitest'
import { cardOf, type Card, type Envelope } from '#components/diagram/card.ts'
import { mostAround, shownOf } from '#components/diagram/drawn.ts'
import { layout } from '#components/diagram/layout/index.ts'
import { trayOf } from '#components/diagram/layout/measure.ts'
import { SIGN, INDENT, stackOf } from '#components/diagram/stack.ts'
import { length, lines, pair, token } from '#components/diagram/tokens.ts'
import { beforeOf, stops } from '#components/figure/store/stops.ts'
import { walked } from '#components/figure/store/walked.ts'
import type { Address, Ip, Step, Walk } from '#lib/index.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

/** A line as it reads; an old value in brackets. */
const read = (e: Envelope | undefined): string[] =>
  (e?.lines ?? []).map((line) =>
    line
      .map(
        (t) =>
          `${t.pre}${t.was === null ? '' : `[${t.was}]`}${t.was !== null && t.now !== '' ? ' ' : ''}${t.now}`,
      )
      .join(''),
  )
const wide = (): number => 40

interface Told {
  readonly walk: Walk
  readonly at: (key: string) => Step
  readonly card: (key: string, before?: string) => Card
}
function told(id: string, flow: string): Told {
  const { walk, keys } = walked(SCENARIOS[id]!, { flow })
  const at = (key: string): Step => {
    expect(keys).toContain(key)
    return walk.steps[keys.indexOf(key)]!
  }
  return {
    walk,
    at,
    card: (key, before) =>
      cardOf({ walk, step: at(key), before: before === undefined ? null : at(before) }, wide),
  }
}

describe('the card', () => {
  it('is the packet in its envelopes, from the inside out', () => {
    const { card } = told('flannel-udp', 'frontend-1-to-backend-2')
    const bare = card('web-app-frontend-1 app')
    expect(bare.envelopes.map((e) => e.kind)).toEqual(['packet'])
    expect(read(bare.envelopes[0])).toEqual(['10.1.15.2→10.1.20.3', 'SYN :8080 · TTL 64'])
    const wrapped = card('node-1/flannel0 daemon')
    expect(wrapped.envelopes.map((e) => e.kind)).toEqual(['packet', 'outer'])
    expect(read(wrapped.envelopes[1])).toEqual(['192.168.0.100→192.168.0.200 UDP 8285'])
    const vxlan = told('flannel-vxlan', 'frontend-1-to-backend-2').card('node-1/flannel.1 tunnel')
    expect(read(vxlan.envelopes[1])).toEqual(['192.168.0.100→192.168.0.200 VXLAN 1'])
    const narrow = told('calico-vxlan', 'large')
    const wrapping = { walk: narrow.walk, step: narrow.at('node-1/vxlan.calico tunnel') }
    expect(read(cardOf({ ...wrapping, before: null }, () => 22).envelopes[1])).toEqual([
      '.0.100→.0.200 VXLAN',
    ])
  })
  it('marks what just changed, with what it was', () => {
    const { card } = told('flannel-udp', 'frontend-1-to-backend-2')
    const ttl = card('node-1/docker0 ttl', 'node-1/docker0 route')
    expect(read(ttl.envelopes[0])).toEqual(['10.1.15.2→10.1.20.3', 'SYN · TTL [64] 63'])
    expect(read(card('node-1/docker0 forward', 'node-1/docker0 ttl').envelopes[0])).toEqual([
      '10.1.15.2→10.1.20.3',
      'SYN · TTL 63',
    ])
    const nat = told('flannel-udp', 'service').card('node-1/docker0 nat', 'web-app-frontend-1 app')
    expect(read(nat.envelopes[0])).toEqual([
      '10.1.15.2→[10.96.0.50] 10.1.20.3',
      'SYN :[80] 8080 · TTL 64',
    ])
  })
  it('shows what comes around the packet as fresh, and what came off as a ghost', () => {
    const { card } = told('flannel-udp', 'frontend-1-to-backend-2')
    const on = card('node-1/flannel0 daemon', 'node-1/docker0 route')
    expect(on.envelopes.map((e) => e.fresh)).toEqual([false, true])
    expect(on.ghosts).toEqual([])
    const off = card('node-2/flannel0 daemon', 'node-2/eth0 rx')
    expect(off.envelopes).toHaveLength(1)
    expect(off.ghosts.flatMap(read)).toEqual(['192.168.0.100→192.168.0.200 UDP 8285'])
    const later = card('node-2/flannel0 route', 'node-2/flannel0 daemon')
    expect([later.ghosts, later.envelopes.map((e) => e.fresh)]).toEqual([[], [false]])
  })
  it('compares within one message: an answer begins anew, and says where', () => {
    const { walk, card, at } = told('flannel-udp', 'frontend-1-to-backend-2')
    const answer = walk.steps.find((s) => s.message !== 0 && s.stage === 'app')!
    expect(answer.in).toBe('backend-service-2')
    const anew = cardOf({ walk, step: answer, before: at('node-2/flannel0 daemon') }, wide)
    expect(anew.begins).toBe(answer.in)
    expect(anew.envelopes[0]!.lines.flat().some((t) => t.changed)).toBe(false)
    expect(card('web-app-frontend-1 app').begins).toBeNull()
  })
  it('leaves out what two addresses share where there is no room, and breaks between fields', () => {
    const [bare] = told('flannel-udp', 'ping').walk.steps[0]!.packet.headers
    const to = (dst: Address): Ip => ({ ...(bare as Ip), src: '192.168.0.100', dst })
    const ip = to('192.168.0.200')
    const say = (most: number): string =>
      pair(ip, undefined, most)
        .map((t) => t.pre + t.now)
        .join('')
    expect(say(30)).toBe('192.168.0.100→192.168.0.200')
    expect(say(20)).toBe('192.168.0.100→.200')
    expect(say(14)).toBe('.0.100→.0.200')
    const far = to('8.8.8.8')
    expect(pair(far, undefined, 12).map((t) => t.pre + t.now)).toEqual([
      '192.168.0.100',
      '→8.8.8.8',
    ])
    const rows = lines([token('', 'time exceeded'), token(' · TTL ', '63', '64')], 20)
    expect(rows.map((r) => r.map((t) => t.pre + t.now))).toEqual([['time exceeded'], ['TTL 63']])
    const words = lines([token('', 'administratively prohibited'), token(' · TTL ', '64')], 20)
    expect(words.map((r) => r.map((t) => t.pre + t.now).join(''))).toEqual([
      'administratively',
      'prohibited · TTL 64',
    ])
    expect(lines([token('→', '192.168.0.100', '192.168.0.200')], 20).map((r) => r[0])).toEqual([
      { pre: '', was: '192.168.0.200', now: '', changed: true },
      { pre: '→', was: null, now: '192.168.0.100', changed: true },
    ])
  })
  it('has room in its tray for three packets around another', () => {
    const around = (kind: Envelope['kind']): Envelope => ({
      kind,
      lines: [
        [token('', '.0.100→.0.200 VXLAN 1')],
        ...(kind === 'packet' ? [[token('', 'SYN')]] : []),
      ],
      fresh: false,
    })
    const envelopes = [around('packet'), around('outer'), around('outer'), around('outer')]
    const tray = { x: 10, y: 20, ...trayOf(3) }
    const stack = stackOf({ envelopes, ghosts: [], begins: null }, tray, 3)
    expect(stack).toHaveLength(4)
    for (const [i, p] of stack.entries()) {
      expect(p.x >= tray.x && p.x + p.w <= tray.x + tray.w).toBe(true)
      expect(p.y >= tray.y && p.y + p.h <= tray.y + tray.h).toBe(true)
      // Each inside of the one before.
      const outside = stack[i - 1]
      if (outside === undefined) continue
      expect(p.x > outside.x && p.y > outside.y + SIGN).toBe(true)
      expect(p.y + p.h < outside.y + outside.h).toBe(true)
    }
    // The innermost stands where it stands alone.
    const alone = stackOf({ envelopes: [around('packet')], ghosts: [], begins: null }, tray, 3)
    expect(alone[0]).toEqual(stack.at(-1))
  })
  it.each(Object.keys(SCENARIOS))(
    '%s: stands in its tray at every stop of every flow, each line in its envelope',
    (id) => {
      for (const flow of Object.keys(SCENARIOS[id]!.flows)) {
        const { walk, topology } = walked(SCENARIOS[id]!, { flow })
        const scene = layout(topology, walk)
        const list = stops(walk, 'kernel')
        for (const [i, { step }] of list.entries()) {
          const shown = shownOf(scene, {
            walk,
            step: walk.steps[step]!,
            before: beforeOf(walk, list, i),
          })
          if (shown === null || shown.tray === null) continue
          const { tray, card } = shown
          const where = `${flow}: ${walk.steps[step]!.in} ${walk.steps[step]!.stage}`
          const stack = stackOf(card, tray, mostAround(walk))
          for (const p of stack) {
            expect(p.x >= tray.x && p.x + p.w <= tray.x + tray.w, where).toBe(true)
            // Four lines where both addresses and more changed need a little more than the tray has.
            expect(p.y >= tray.y - 16 && p.y + p.h <= tray.y + tray.h + 0.01, where).toBe(true)
            for (const line of p.envelope.lines)
              expect(length(line) * SIGN + 2 * INDENT, where).toBeLessThanOrEqual(p.w)
          }
        }
      }
    },
  )
})
