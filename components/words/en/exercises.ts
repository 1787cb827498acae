/** Goals and tasks: what is asked of a network, and whether it holds. */

/** A goal in a network: it holds, it is broken, or nobody has asked yet. */
export type Lit = 'holds' | 'broken' | 'unasked'

const LIT: { readonly [L in Lit]: string } = {
  holds: 'holds',
  broken: 'broken',
  unasked: 'not asked',
}

export const exercises = {
  lit: (lit: Lit): string => LIT[lit],
  goals: 'Goals',
  held: (holding: number, all: number): string =>
    holding === all ? `All ${all} hold.` : `${holding} of ${all} hold.`,
  /** A lamp that was pressed, as the stage says it. */
  shows: (goal: string): string => `A walk that shows it: ${goal}.`,
  breaks: (why: string): string => `A walk that breaks it: ${why}.`,
  seeHolds: 'See a walk',
  seeBroken: 'See it break',
  change: 'Change',
  task: 'Task',
  build: 'Build it in the sandbox',
  again: 'Done before. Build it again',
  done: 'All goals hold: done.',
  /** Said behind a task: the same verdict at a command line. */
  marked: (task: string): string =>
    `Saved as a file, \`npx packet-walk check content/tasks/${task}.yaml FILE\` says the same.`,
  teachers: 'For teachers: a solution',
}
