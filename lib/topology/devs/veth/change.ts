import { texts, type KindChange } from '../change.ts'

export const veth: KindChange<'veth'> = {
  unreadable: (d) =>
    texts(d.peer, 'netns', 'dev') ? null : `${d.name} has no other end; write peer: { netns, dev }`,
  withPeer: (d, dev) => ({ ...d, peer: { ...d.peer, dev } }),
}
