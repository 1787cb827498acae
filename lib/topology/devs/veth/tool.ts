import type { KindTool } from '../tool.ts'

export const veth: KindTool<'veth'> = {
  make: (d, { words }) => [
    `ip link add name ${d.name} ${words} type veth${d.peer === undefined ? '' : ` peer name ${d.peer.dev} netns ${d.peer.netns}`}`,
  ],
  fixed: ['peer'],
}
