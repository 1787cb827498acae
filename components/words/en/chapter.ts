/** What stands around a chapter: its header, its table of contents, and what is said of the scene that is read. */

/** A scene, by its number, its heading and where the packet is. */
export interface SceneSaid {
  readonly n: number
  readonly of: number
  readonly heading: string
  readonly place: string
}

export const chapter = {
  contents: 'Contents',
  place: (n: number, of: number): string => `${n} of ${of}`,
  before: (title: string): string => `← ${title}`,
  after: (title: string): string => `${title} →`,
  said: ({ n, of, heading, place }: SceneSaid): string =>
    `Scene ${n} of ${of}: ${heading}${place === '' ? '' : `, the packet is at ${place}`}.`,
}
