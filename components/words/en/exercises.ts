/** Goals and tasks: what is asked of a network, and whether it holds. */

/** A goal in a network: it holds, it is broken, or nobody has asked yet. */
export type Lit = 'holds' | 'broken' | 'unasked'

const LIT: { readonly [L in Lit]: string } = {
  holds: 'holds',
  broken: 'broken',
  unasked: 'not asked',
}

/** How much of a walk is told. */
type Form = 'whole' | 'half' | 'blank'
const FORM: { readonly [F in Form]: string } = {
  whole: 'Read the walk, place by place',
  half: 'Fill in every other place',
  blank: 'Fill in the whole way',
}

/** Why a file of progress is refused. */
type Refused = 'too-long' | 'no-json' | 'no-progress' | 'version' | 'damaged' | 'not-kept'
const REFUSED: { readonly [R in Refused]: string } = {
  'too-long': 'This file is larger than any of ours. Nothing was changed.',
  'no-json': 'This file is damaged, or none of ours: it is no JSON. Nothing was changed.',
  'no-progress': 'This file has no progress in it. Nothing was changed.',
  version: 'This file is of another version, which is not read here. Nothing was changed.',
  damaged: 'This file is damaged: it holds what we never write. Nothing was changed.',
  'not-kept':
    'This browser keeps nothing for this page. The file was read, and nothing could be kept.',
}

export const exercises = {
  form: (form: Form): string => FORM[form],
  known: 'I know this: fill in the whole way',
  walkOf: (places: number): string => `The walk, from ${places} places`,
  whereFrom: (place: string): string => `From ${place}: where does it go next?`,
  whichRow: (place: string, asks: 'row' | 'neigh' | 'fdb' | 'names'): string =>
    `At ${place}: ${
      {
        row: 'which row decides?',
        neigh: 'which row gives the frame its MAC?',
        fdb: 'which row says where that MAC is?',
        names: 'from which address to which does it go on?',
      }[asks]
    }`,
  rowGuessed: (how: 'right' | 'wrong', row: string, guess: string): string =>
    how === 'right' ? `Right: ${row}.` : `${row}, not ${guess}.`,
  goesTo: (place: string): string => `On to ${place}.`,
  guessed: (how: 'right' | 'wrong', right: string, guess: string): string =>
    how === 'right' ? `Right: on to ${right}.` : `On to ${right}, not to ${guess}.`,
  filled: (right: number, all: number): string => `${right} of ${all} right.`,
  progress:
    'What you have read and answered is kept on this device only. Take it along as a file, or take one in.',
  progressSave: 'Save as a file',
  progressSaved: 'Saved.',
  progressTake: 'Take a file in:',
  progressTaken: (refused: Refused | null): string =>
    refused === null ? 'Taken in, beside what was here.' : REFUSED[refused],
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
