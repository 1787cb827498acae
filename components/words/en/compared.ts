import { AWAY, type Away } from './away.ts'

/** What the comparison with a capture of Linux says, behind the line below a figure. */

export const compared = {
  reading: 'Reading the capture…',
  captureMissing: (why: Away): string => `The capture is missing: ${AWAY[why]}.`,
  sent: (release: string, frames: number, places: number): string =>
    `This flow was sent through Linux ${release} once, in a lab of network namespaces with the same tables. Your browser has just held that capture against the walk above: ${frames} frames on ${places} devices, in their order, every field and every byte of payload, and which drop counters moved.`,
  // A sentence of its own behind that one.
  allAgree: ' All agree.',
  someDiffer: (differences: number): string => ` ${differences} differ:`,
  mayDiffer: 'What may differ, and why',
  ruleTimes: (rule: string, count: number): string =>
    `${rule}, ${count} ${count === 1 ? 'time' : 'times'}`,
  notVerified: 'What was not verified',
  vpcTitle: 'The VPC was not Linux',
  vpcText:
    'A small program stood in for it between the nodes. AWS does not publish how it works inside; the program takes this for granted:',
  saveCapture: 'Save Linux’s capture (pcapng)',
  askOwn: (command: string): string => `Ask your own kernel, as root: \`${command}\``,
}
