import { loadRegister, outcomeOf, walk, type RegisterEvent, type RegisterLine } from '#lib/index.ts'

/* A register kept by hand: what an event does to it, and whether its lines lead where they say. */

/** Programs that have a team's line in their configuration: each is changed when it is. */
export const CALLERS = 5

/** The lines after an event, with what was written for it; `callers` were to be changed. */
export function after(
  lines: readonly RegisterLine[],
  { does, team }: RegisterEvent,
  written: Omit<RegisterLine, 'team'>,
): { readonly lines: readonly RegisterLine[]; readonly callers: number } {
  if (does === 'crashes') return { lines, callers: 0 }
  const line = { team: does === 'copies' ? `${team}-2` : team, ...written }
  const rest = does === 'moves' ? lines.filter((l) => l.team !== team) : lines
  return { lines: [...rest, line], callers: does === 'starts' ? 0 : CALLERS }
}

/** Does who calls what a line says reach that team? Walked. */
export async function reaches(
  lines: readonly RegisterLine[],
  line: RegisterLine,
): Promise<boolean> {
  const { callOf, registered } = await loadRegister()
  const w = walk(registered(lines), callOf(line))
  const came = outcomeOf(w, 'receiver')?.outcome
  return w.delivered && came?.ask === 'receiver' && came.receiver === `team-${line.team}`
}
