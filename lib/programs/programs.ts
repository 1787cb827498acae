import type { Programs } from './ends.ts'
import { Side } from './relay.ts'

/** What programs keep when nothing has happened yet. */
export function newPrograms(): Programs {
  return {
    ends: new Map(),
    connected: new Set(),
    relays: 0,
    relay: (name, to) => new Side(name, to),
  }
}
