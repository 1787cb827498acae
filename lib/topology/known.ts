import type { Here, SayRow } from './check.ts'

/** Says of a row that names a device which its namespace does not have. */
export function knownDevice(here: Pick<Here<'devs'>, 'space' | 'known'>, say: SayRow) {
  const devs = here.known.devs(here.space.name)
  const there = [...new Set(here.space.devs.map((d) => d.name))]
  return (row: number, dev: string | undefined): void => {
    if (dev !== undefined && !devs.has(dev)) say(row, 'no-device', dev, here.space.name, there)
  }
}
