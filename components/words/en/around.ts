import { plural } from '#lib/index.ts'

/** The glossary and the page for teachers: in the language of the chapters, put in when they are built. */
export const around = {
  // Glossary
  glossary: 'Glossary',
  glossaryLead:
    'Every word that the chapters introduce, what it means, and the scene that shows it.',
  letters: 'Letters',
  introduced: (heading: string, chapter: string): readonly [before: string, link: string] => [
    'Shown in',
    `${heading}, ${chapter}`,
  ],
  // Sources
  sources: 'Sources',
  sourcesLead:
    'Where everything on this site comes from: what was measured, what was read, and what is kept of you.',
  walksTitle: 'The walks',
  walks:
    'A walk is computed from tables. Every flow of every network that ships, and every change that it offers, was also sent through real Linux kernels, and the frames on each device were compared byte by byte. [Worlds](/reference/worlds/) says of each which kernels agreed, and what its model leaves out. No kernel shows what happens inside a VPC: that part follows the guides of AWS, and is marked.',
  drops:
    'Where a drop is decided, a file of the kernel or a page of a guide, stands beside [each reason](/reference/drops/). You can ask your own kernel: `packet-walk verify`, in [the command line](/reference/commands/).',
  restsTitle: 'What the chapters rest on',
  nothingTitle: 'What is kept of you',
  nothing:
    'Nothing leaves your device. There is no account, no counter and no request to another host. Your progress and your colours stay in this browser until you delete them, and there is no certificate at the end.',
  // For teachers
  teach: 'For teachers',
  teachLead:
    'What each chapter is for, which beliefs it breaks, how long it takes, and its exercises with their solutions. Everything is computed; nothing of it is stored or sent.',
  onPage: 'Chapters',
  minutes: (read: number): string =>
    plural('en', read, { one: '1 minute', other: `${read} minutes` }),
  scenes: (scenes: number): string =>
    plural('en', scenes, { one: '1 scene', other: `${scenes} scenes` }),
  time: (minutes: string, scenes: string): string => `${minutes} to read, ${scenes}.`,
  beliefs: 'Beliefs that its wrong answers come from',
  exercises: 'Exercises',
  recalls: (count: number): string =>
    plural('en', count, {
      one: 'It opens with a question of an earlier chapter, on addresses that each device draws.',
      other: `It opens with ${count} questions of earlier chapters, on addresses that each device draws.`,
    }),
  inScene: 'In the scene',
  solution: 'Solution',
  answer: 'Right',
  distractor: 'Wrong',
  marked: (command: string): string => `Marked by \`${command}\`.`,
  workshops: 'Workshops',
  workshopsLead:
    'Predictions are made by show of keys: one finger for answer 1, two for answer 2. Let people guess in pairs before each answer is shown. Minutes stand before each part.',
  workshop: (title: string, minutes: number): string => `${title}, ${minutes} minutes`,
  embedTitle: 'A figure in your own page or slides',
  embed:
    'Every figure stands alone in a frame: 640 × 480 is enough, and your page can lead it by messages. Pages to begin with, plain HTML, reveal.js and Marp, are among the [examples](/examples/); the messages are in [names and formats](/reference/formats/).',
  markTitle: 'Marking a class',
  mark: 'A task is a file of goals. Pupils save their network from the sandbox as a cluster file; one command holds all of them against the goals, says the first counterexample of each, and exits with 0 when all hold. [The command line](/reference/commands/) has its options.',
  markCommand: 'npx packet-walk check goals.yaml pupil-1.yaml pupil-2.yaml pupil-3.yaml',
  labTitle: 'On a real kernel',
  lab: 'As root on a Linux machine, a world is built of network namespaces, with the tools that Linux has. Everything on this site can be looked at there.',
  labCommand: 'npx packet-walk lab flannel-vxlan > lab.sh && sudo bash lab.sh',
}
