import type { Kind, Link } from '../kind.ts'

/** A device that takes what it is given and sends it nowhere (drivers/net/dummy.c). Its addresses are this machine's, whether it is up or not. */
export interface DummyDev extends Link {
  readonly kind: 'dummy'
}

export const dummy: Kind<DummyDev> = {}
