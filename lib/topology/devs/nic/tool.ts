import type { KindTool } from '../tool.ts'

export const nic: KindTool<'nic'> = {
  make: ({ name, wire }, how) => [
    ...(wire !== undefined && 'eni' in wire
      ? [
          `aws ec2 attach-network-interface --network-interface-id ${wire.eni} --instance-id ${how.in} --device-index ${/\d+$/.exec(name)?.[0] ?? 0}`,
        ]
      : []),
    ...how.set,
  ],
  notes: ({ wire }) => [
    ...(wire === undefined
      ? []
      : [`wired to ${'eni' in wire ? wire.eni : wire.gateway} of ${wire.vpc}`]),
    'of kind nic',
  ],
  fixed: ['wire'],
  unmake: (name) => `ip link set dev ${name} down`,
}
