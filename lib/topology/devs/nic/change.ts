import { texts, type KindChange } from '../change.ts'

export const nic: KindChange<'nic'> = {
  unreadable: (d) =>
    texts(d.wire, 'vpc') ? null : `${d.name} has no wire; write wire: { vpc, eni }`,
}
