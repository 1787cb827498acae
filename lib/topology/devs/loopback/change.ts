import type { KindChange } from '../change.ts'

export const loopback: KindChange<'loopback'> = {
  stays: (d) =>
    `Operation not supported: ${d.name} is there as long as its namespace; set it down instead`,
}
