/** What a number is, by the code that a schema has for it. */
export const NUMBERS = {
  number: 'number',
  port: 'port',
  'node-port': 'node port',
  protocol: 'protocol',
  mtu: 'MTU',
  ttl: 'TTL',
  vni: 'VNI',
  'vlan-id': 'VLAN id',
  size: 'size',
  priority: 'priority',
  'rule-number': 'rule number',
  sysctl: 'value of a sysctl',
  nodes: 'number of nodes',
  pods: 'number of pods',
} as const
export type NumberOf = keyof typeof NUMBERS

/** What a list is of, where there are too many. */
export const LISTED = {
  entries: 'entries',
  addresses: 'addresses',
  peerings: 'peerings',
  edits: 'edits',
  'edited-spaces': 'namespaces to edit',
  fields: 'fields',
  goals: 'goals',
  groups: 'groups',
  hosts: 'hosts',
  listeners: 'listeners',
  matches: 'matches',
  sets: 'sets',
  names: 'names',
  networks: 'networks',
  nodes: 'nodes',
  places: 'places',
  pods: 'pods',
  ports: 'ports',
  promises: 'promises',
  published: 'published ports',
  ranges: 'ranges',
  rules: 'rules',
  services: 'Services',
  spaces: 'spaces',
  states: 'states',
  subnets: 'subnets',
  'what-ifs': 'what-ifs',
} as const
export type ListOf = keyof typeof LISTED

/** What a value is that may stand once. */
export const ONCE = {
  name: 'a name',
  address: 'an address',
  id: 'an id',
  port: 'a port',
  'node-port': 'a node port',
  place: 'a place',
} as const
export type OnceOf = keyof typeof ONCE
