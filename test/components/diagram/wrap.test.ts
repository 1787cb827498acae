import { describe, expect, it } from 'vitest'
import { wrapOf } from '#components/diagram/wrap.ts'
import { walked } from '#components/figure/store/walked.ts'
import { isIp } from '#lib/index.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

/** Each wrapping of the request, in its order, once. */
function wrappings(id: string, flow: string): string[] {
  const { walk } = walked(SCENARIOS[id]!, { flow })
  return walk.steps
    .filter((s) => s.message === 0)
    .map((s) => wrapOf(s))
    .map(({ outer, hidden }) => `${outer}${hidden ? ' carried by AWS' : ''}`)
    .filter((w, i, all) => w !== all[i - 1])
}

describe('how a packet is wrapped', () => {
  it('is bare, in a packet of the node’s, and that carried by AWS', () => {
    const overlay = ['0', '1', '1 carried by AWS', '1', '0']
    expect(wrappings('flannel-udp', 'frontend-1-to-backend-2')).toEqual(overlay)
    expect(wrappings('flannel-vxlan', 'frontend-1-to-backend-2')).toEqual(overlay)
    const bare = ['0', '0 carried by AWS', '0']
    expect(wrappings('vpc-cni', 'frontend-1-to-backend-2')).toEqual(bare)
    // It goes no further: the source is no address of the interface.
    expect(wrappings('flannel-host-gw', 'frontend-1-to-backend-2')).toEqual(bare.slice(0, 2))
  })
  it('counts the IP headers of every step of every world, and hides what the VPC asks but ARP', () => {
    for (const s of Object.values(SCENARIOS))
      for (const flow of Object.keys(s.flows))
        for (const step of walked(s, { flow }).walk.steps) {
          const ips = step.packet.headers.filter((h) => isIp(h)).length
          const { outer, hidden } = wrapOf(step)
          expect(outer).toBe(ips === 0 ? 0 : ips - 1)
          expect(hidden).toBe(step.in === 'vpc' && ips > 0)
        }
  })
})
