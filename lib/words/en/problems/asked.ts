/** What is wrong with a question about a flow, the option it is about first. */
export const FLOW = {
  noSender: (name: string, there: string): string => `from: nothing is called ${name}; ${there}`,
  colons: (to: string): string => `to: ${to} has more than one colon; write name:port`,
  noPort: (port: string): string => `to: ${port} is no port; a port is a number from 1 to 65535`,
  icmpPort: (port: number): string =>
    `to: ICMP has no ports; leave out :${port}, or choose tcp or udp`,
  needsPort: (proto: string, host: string): string =>
    `to: ${proto} needs a port; write ${host}:8080`,
  toItself: (port: number): string =>
    `sport: a connection from port ${port} to itself is not modelled; choose another port`,
  echoPort: 'sport: an echo has no port; leave it out, or choose tcp or udp',
  portHeld: (port: string, where: string, program: string): string =>
    `sport: ${where} has ${port} already, for ${program}; choose another port`,
  outOfRange: (name: string, value: number, range: readonly [number, number]): string =>
    `${name}: ${value} is out of range; a whole number from ${range[0]} to ${range[1]}`,
  multicast: (address: string): string =>
    `to: ${address} is a multicast address, and multicast is not modelled; choose an address that one machine has`,
  noAddress: (text: string): string =>
    `to: ${text} is no IPv4 address; four numbers from 0 to 255, such as 10.1.20.3`,
  noReceiver: (name: string, there: string): string =>
    `to: nothing is called ${name}; ${there}, or an IPv4 address`,
  unaddressed: (host: string): string =>
    `to: ${host} has no address; give it one on a device that is up`,
}

/** The YAML parser's codes (yaml, errors.ts) in words of ours; of those left out the line says enough. */
export const MISREAD: Readonly<Record<string, string>> = {
  BAD_INDENT: 'the indentation does not fit',
  TAB_AS_INDENT: 'a tab stands where blanks belong',
  MISSING_CHAR: 'a character is missing, such as : or a quote',
  BAD_SCALAR_START: 'a text begins with a character that needs quotes',
  BAD_DQ_ESCAPE: 'a backslash in quotes means nothing',
  UNEXPECTED_TOKEN: 'something stands where nothing can',
  BLOCK_AS_IMPLICIT_KEY: 'a mapping stands on one line with another',
  MULTILINE_IMPLICIT_KEY: 'a key goes over more than one line',
  BLOCK_IN_FLOW: 'a list with dashes stands inside brackets',
  KEY_OVER_1024_CHARS: 'a key is too long',
  TAG_RESOLVE_FAILED: 'a tag means nothing here',
  BAD_DIRECTIVE: 'a line with % means nothing here',
}
