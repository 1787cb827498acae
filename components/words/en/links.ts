/** What is said of a figure's link of which something could not be taken. Values come quoted. */
export const links = {
  otherVersion: (version: string): string =>
    `This link is of another version (${version}), so nothing of it was read; the figure starts at its beginning.`,
  damaged: (what: readonly string[]): string =>
    `This link is old or damaged: ${what.join('; ')}. This is the nearest there is.`,
  stepGone: 'This link names a step that no longer exists. This is the nearest there is.',
  notUsed: (part: string): string => `${part} stands there too, and is not used`,
  viewOnly: 'it says how the figure is looked at, and not what it shows',
  noFlow: (flow: string, here: string): string =>
    `the flow ${flow} does not exist; ${here} stands here`,
  noWhatIfs: (count: number, named: readonly string[]): string => {
    const list = named.join(', ')
    if (count === 1) return `a what-if of it does not exist: ${list}`
    const rest = count - named.length
    return `${count} what-ifs of it do not exist: ${list}${rest > 0 ? `, and ${rest} more` : ''}`
  },
  endsEarly: 'it ends early',
  stepEncoding: (step: string): string => `the step ${step} is not encoded as a link is`,
  noWorld: (world: string, here: string): string =>
    `the world ${world} does not exist; ${here} stands here`,
  noWorldInSandbox: (world: string, here: string): string =>
    `the world ${world} does not exist in this sandbox; ${here} stands here`,
  viewVersion: (view: string): string =>
    `how it was looked at is of another version (${view}); it is looked at as at first`,
  noDetail: (detail: string, details: readonly string[]): string =>
    `${detail} is none of ${details.join(', ')}; story stands here`,
  sandboxCompares: (world: string): string => `a sandbox is compared with no world (${world})`,
  comparesItself: (world: string): string => `a world is not compared with itself (${world})`,
  comparesNothing: (world: string): string =>
    `the world it is compared with does not exist (${world})`,
  noDraw: (draw: string): string => `${draw} is no draw; the flow's own is here`,
  noHost:
    'This address names no host that may lead the figure: host= takes an origin, as host=https://example.org. No page is listened to.',
  saysMore: (rest: string): string => `${rest} says more than there is`,
}
