/** Why a file of the site did not come. */
export type Away = 'site' | 'offline'

/** In the middle of a sentence. */
export const AWAY: Readonly<Record<Away, string>> = {
  site: 'it could not be loaded from this site',
  offline: 'it could not be loaded, this machine is offline',
}
