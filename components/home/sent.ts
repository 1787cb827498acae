/** The worlds that the first page sends a packet through, and which. */
export const WORLDS_SENT = ['flannel-udp', 'vpc-cni'] as const
export const FLOW_SENT = 'frontend-1-to-backend-2'
export type Sent = (typeof WORLDS_SENT)[number]
