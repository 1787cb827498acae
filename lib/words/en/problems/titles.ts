/** What a person's own network is called. */
export const TITLES = {
  topology: 'A topology, row by row',
  cluster: (network: string, nodes: number): string => `${network}, ${nodes} nodes`,
}
