/** What the sandbox says: its controls and tables, and what of a link or of its changes could not be taken. Values come quoted. */

/** Fields of a sandbox that a link sets. */
export type Field = 'network' | 'nodes' | 'pods' | 'mtu' | 'from' | 'to' | 'sends' | 'edits'

export const sandbox = {
  noTask: (task: string): string => `there is no task ${task} here`,
  // Controls
  network: 'network',
  nodes: (most: number): string => `nodes (1 to ${most})`,
  pods: (most: number): string => `pods on each (1 to ${most})`,
  mtu: 'MTU of the NICs',
  from: 'from',
  to: 'to',
  packet: 'A packet of your own',
  proto: 'protocol',
  number: (name: 'port' | 'sport' | 'size' | 'ttl'): string =>
    ({ port: 'to port', sport: 'from port', size: 'bytes of content', ttl: 'TTL' })[name],
  df: 'do not fragment (DF)',
  send: 'Send it',
  noSend: 'Without it',
  missingPort: 'A port is missing: where is it to arrive?',
  notSent: (why: string): string => `Your packet cannot be sent: ${why}`,
  command: 'The same walk in a terminal',
  undo: 'Undo',
  redo: 'Redo',
  startOver: 'Start over',
  titleOf: (network: string, nodes: number): string =>
    `${network}, ${nodes} ${nodes === 1 ? 'node' : 'nodes'}`,

  settings: 'Network',
  whatIfs: 'What if …',
  unchanged: 'Without the changes',
  shownUnchanged: 'The picture shows the network without your changes. They are kept.',

  // Tables
  tables: 'Tables',
  addRow: 'Add a row',
  add: 'Add',
  change: 'Change',
  changeRow: (row: string): string => `Change ${row}`,
  cancel: 'Cancel',
  which: 'which',
  device: 'device',
  nothing: 'none',
  missing: (wanted: string): string => `missing; ${wanted}`,
  in: 'in',
  table: 'table',
  delete: 'Delete',
  deleteRow: (row: string): string => `Delete ${row}`,
  changed: 'Changed',
  restore: 'Restore',
  restoreEdit: (edit: string): string => `Restore: ${edit}`,
  file: 'As a cluster file',
  topologyFile: 'As a file of its tables',
  asShipped: (world: string): string => `**${world}** as in the lessons`,
  ownNodes: 'Choose nodes and pods',
  framed: 'Copy frame for a web page',
  copyFile: 'Copy the file',
  saveFile: 'Save the file',
  copied: 'Copied',
  saved: 'Saved',
  leftOut: (edit: string): string => `left out, it does not fit: ${edit}`,

  // What could not be taken
  damaged:
    'This link is old or damaged. What could be read of it is here; the address stays as it is until you change something.',
  close: 'Close',
  notFitting: (count: number): string =>
    count === 1
      ? 'One change does not fit this network and is left out; everything else is made.'
      : `${count} changes do not fit this network and are left out; everything else is made.`,
  remove: 'Remove',
  removeEdit: (edit: string): string => `Remove: ${edit}`,
  removeAll: 'Remove all of them',
  noAddress: (name: string, to: string): string =>
    `${name} has no address any more; what is sent goes to ${to}, which it had`,
  asItBegins: (why: string): string => `${why}: this is the sandbox as it begins`,
  notMade: 'the sandbox it belongs to could not be made',
  noField: (key: string): string => `${key} is the name of no field; leave it out`,
  doesNotFit: 'it does not fit',
  wrongKind: 'a value in it is of the wrong kind',
  notTried: 'not tried: too many of the edits before it do not fit',

  // Its link
  noPart: (part: string): string => `${part} is no part of a sandbox's link, and is not used`,
  second: (part: string): string => `a second sandbox is not used: ${part}`,
  encoding: 'its percent-encoding is broken; it was read as far as it goes',
  endsEarly: 'it ends early',
  unread: (rest: string, count: number): string =>
    `it could not be read from ${rest} on (${count} characters)`,
  twice: (key: string): string => `the key ${key} stands twice in an edit; the second counts`,
  start: (why: string): string => `${why}; this is the sandbox as it begins`,
  noSandbox: (what: string | null): string => `${what ?? 'nothing'} stands where a sandbox belongs`,
  noVersion: (version: string | null): string =>
    `${version ?? 'nothing'} is no version known here, so nothing else of it was read`,
  saysNothing: (fields: readonly string[]): string =>
    fields.length === 1
      ? `it says nothing of ${fields[0]}; there it is as at first`
      : `it says nothing of ${fields.join(', ')}; there they are as at first`,
  saysMore: (rest: string): string => `it says more than a sandbox has: ${rest}`,
  wrongField: (field: Field, said: string, here: string): string =>
    ({
      network: `network: ${said}; ${here} stands here`,
      nodes: `nodes: ${said}; ${here} stands here`,
      pods: `pods: ${said}; ${here} stands here`,
      mtu: `mtu: ${said}; ${here} stands here`,
      from: `from: ${said}; ${here} stands here`,
      to: `to: ${said}; ${here} stands here`,
      sends: `packet: ${said}; none is sent here`,
      edits: `edits: ${said}; none are here`,
    })[field],
  noneOf: (value: string, names: readonly string[]): string =>
    `${value} is none of ${names.join(', ')}`,
  notFromTo: (value: string, least: number, most: number): string =>
    `${value} is no whole number from ${least} to ${most}`,
  noEnd: (value: string): string => `${value} is no pod, node or host of it`,
  noPacket: (value: string): string => `${value} is no packet`,
  noEdits: (value: string): string => `${value} is no list of edits`,
}
