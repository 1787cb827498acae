import type { VethDev } from '#lib/topology/devs.ts'
import { space } from '#lib/topology/topology.ts'
import { deviceByName } from '#lib/lookup/local.ts'
import { cross } from '#lib/run/clock.ts'
import { device, live } from '#lib/run/live.ts'
import { record } from '#lib/run/record.ts'
import type { At } from '#lib/run/run.ts'
import { scrubbed } from '#lib/run/skb.ts'
import { ethernet } from './device.ts'
import { notReady, overMtu, transmit } from './transmit.ts'

/** The other end, if it is there and up. */
function peerOf({ run, dev }: At<VethDev>): At | undefined {
  const { netns, dev: name } = dev.peer
  const peer = space(run.before, netns) === undefined ? undefined : device(live(run, netns), name)
  return peer?.dev.up === true ? peer : undefined
}

/** veth_xmit(): out of the other end, in the other namespace. The crossing forgets connection and mark (skb_scrub_packet). */
export const veth = ethernet<VethDev>({
  tells: true,
  carrier({ run, dev }) {
    const there = space(run.before, dev.peer.netns)
    return there?.kind === 'netns' && deviceByName(there, dev.peer.dev)?.up === true
  },
  xmit(at, s) {
    const { run } = at
    const peer = peerOf(at)
    if (peer === undefined) return notReady(at, s, at.dev.peer.dev)
    transmit(at, s)
    const lost = overMtu(peer, s)
    if (lost !== null) return record(at, s, { stage: 'xmit', ...lost })
    cross(run, () => {
      const arrived = scrubbed(s)
      arrived.came = s.came
      run.ports.receive(peer, arrived)
    })
  },
})
