import type { KindScript } from '../script.ts'

export const loopback: KindScript<'loopback'> = { fields: {}, make: () => [] }
