import { AWAY, type Away } from './away.ts'

/** What the line below a figure says: whether Linux did the same. */

/** Why there is no recording of what a figure shows. */
export type Unasked = 'yours' | 'together' | 'drawn'

export const kernel = {
  reading: 'Reading the capture…',
  comparesMissing: (why: Away): string => `What compares is missing: ${AWAY[why]}.`,
  recordMissing: (why: Away): string =>
    `Compared with Linux, but the record is missing: ${AWAY[why]}`,
  compared: 'Compared with Linux',
  same: (linux: string, frames: number): string =>
    `We sent this packet through a real Linux ${linux} and compared every frame: ${frames} of ${frames} are the same`,
  notAsked: 'Linux was not asked',
  notCompared: (why: Unasked): string =>
    ({
      yours: 'Not compared with Linux: this network is yours',
      together: 'Not compared with Linux: more than one what-if',
      drawn: 'Not compared with Linux: you drew again',
    })[why],
  askYours: (why: Unasked): string =>
    `${
      {
        yours:
          'Every world of this site was recorded, with each of its what-ifs. What you change yourself was not.',
        together: 'Each what-if was recorded alone, not two together.',
        drawn: 'A flow was recorded with one draw, not with all.',
      }[why]
    } On a Linux machine, as root, \`npx packet-walk verify\` builds any world, cluster file or what-if in network namespaces and compares it frame by frame.`,
}
