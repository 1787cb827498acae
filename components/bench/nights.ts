import { dropTitle, loadNight, walk, type Walk } from '#lib/index.ts'
import { BACKENDS, type Cell, type Hour, type Night } from './backends.ts'

/* A night's walks: who still reaches whom, by each backend. Walked when an hour is looked at. */

/** All of it. Caches are warm as long as nothing is forgotten. */
export async function night(): Promise<Night> {
  const { HOURS, nightAt, talksAt } = await loadNight()
  const hours = HOURS.map(({ id, at }): Hour => {
    const tables = BACKENDS.map((b) => nightAt(b, id))
    return {
      id,
      at,
      rows: talksAt(id).map(({ id: talk, flow }) => ({
        talk,
        cells: tables.map((t) => cellOf(walk(t, flow, { warm: id === 'stops' }))),
      })),
    }
  })
  const dark = BACKENDS.map(
    (_, b) => hours.find((h) => h.rows[0]?.cells[b]?.arrives === false)?.id ?? null,
  )
  return { hours, dark }
}

function cellOf(w: Walk): Cell {
  const { delivered, loss } = w
  return {
    arrives: delivered,
    lost: delivered || loss === null ? null : `${loss.in}, ${dropTitle(loss.drop.reason)}`,
    walk: w,
  }
}
