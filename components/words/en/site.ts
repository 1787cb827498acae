import { AWAY, type Away } from './away.ts'

/** What every page may say: what stands around its text, and what is said while something is loaded or cannot be. */

/** Which colours. */
export type ThemeName = 'system' | 'light' | 'dark' | 'projector'
/** A part of a page that is a script of its own. */
export type LatePart = 'figure' | 'sandbox' | 'search'

export const site = {
  name: 'Packet Walk',
  skip: 'Skip to the text',
  pages: 'Site',
  chapters: 'Chapters',
  sandbox: 'Sandbox',
  reference: 'Reference',
  glossary: 'Glossary',
  teach: 'For teachers',
  sources: 'Sources',
  search: 'Search',
  around: 'Around the chapters',
  footer:
    'Every walk is computed in this page from the tables shown, in real header bytes. Nothing is sent anywhere.',
  withoutScript:
    'JavaScript is off. Text, pictures and each walk in words are here; stepping, changing the network and the sandbox need it.',
  language: 'Language',

  theme: (now: ThemeName): string =>
    ({ system: 'system', light: 'light', dark: 'dark', projector: 'projector' })[now],
  changeTheme: (now: ThemeName, next: ThemeName): string => `Colours: ${now}. Change to ${next}`,
  changeUnkeptTheme: (now: ThemeName, next: ThemeName): string =>
    `Colours: ${now}. Change to ${next}. The browser keeps nothing for this page, so it holds until the page is left`,
  unkeptTheme:
    'Not remembered. The browser keeps nothing for this page, so it holds until the page is left',
  sandboxLoading: 'The sandbox is being loaded.',

  away: (part: LatePart, why: Away): string =>
    ({
      figure: `The figure is not here: ${AWAY[why]}. Load this page again when it is back.`,
      sandbox: `The sandbox is not here: ${AWAY[why]}. Load this page again when it is back.`,
      search: `The search is not here: ${AWAY[why]}. Load this page again when it is back.`,
    })[part],
  broken: (part: LatePart, error: string): string =>
    ({
      figure: `The figure could not be shown: ${error}`,
      sandbox: `The sandbox could not be shown: ${error}`,
      search: `The search could not be shown: ${error}`,
    })[part],
  linkAsItIs: 'Its link, as it is:',
  startOver: 'Start over',
  standsStill: (why: Away): string =>
    `This figure stands still: what moves it is missing, ${AWAY[why]}.`,
}
