import type { BeliefId } from '#lib/index.ts'

/** Which belief leads to a wrong answer: read behind the answer, so it comes with that. */

const BELIEVES: { readonly [B in BeliefId]: string } = {
  'no-default':
    'It would be so if a missing route meant an error. But the default route holds every address that no longer prefix holds.',
  'no-source-check':
    'It would be so if AWS carried whatever a machine sends. But each interface may only send from addresses of its own.',
  'pods-unknown':
    'It would be so if AWS knew only the first address of an interface. But pods have the others, and AWS knows them all.',
  'main-only':
    'It would be so if the main table decided alone. But policy rules say first which table is asked.',
  'loss-is-told': 'It would be so if every loss were reported. Many are not.',
  'loss-is-refused':
    '“Refused” is what one is told when the packet arrives and nobody listens. What is dropped on the way is refused by nobody, unless a rule says so.',
  'first-row':
    'It would be so if the first row that holds the address won. But the longest prefix wins, wherever it stands.',
  'looks-alike': 'It reads alike. But this row’s prefix does not hold the address.',
  'all-count':
    'It would be so if bridges counted too. But only who routes a packet lowers its TTL.',
  'nobody-counts':
    'It would be so if the nodes did not count. But each of them routes the packet, and lowers its TTL.',
  'always-translated':
    'It would be so if whatever leaves a device left under that device’s address. But only a rule that matches translates.',
  'main-address':
    'It would be so if a translated source were always the machine’s main address. But it is that of the device it leaves by, as a rule says.',
  'internet-only':
    'It would be so if only the internet made translation necessary. But the rule looks at the destination, and this one is not left out.',
  'marks-ignored':
    'It would be so if a packet left by the interface that has its address. But a rule marks it, and marks are asked about before addresses.',
  'next-hop-is-a-machine':
    'It would be so if a machine had the next hop’s address. But none need have it.',
  'mac-to-the-end':
    'It would be so if the MAC named whom the packet is for. But a frame is for the next hop only.',
  'mac-of-all':
    'It would be so if every frame were for everybody. But only the question who has an address is.',
  'ttl-copied':
    'It would be so if the outer header copied the inner one’s TTL. But this tunnel begins a TTL of its own.',
  'programs-free':
    'It would be so if only kernels counted. But the program routes the packet too, and lowers its TTL.',
  'tunnel-hides':
    'It would be so if nobody touched what is inside a tunnel. But each node routes the inner packet before and after it.',
  'vpc-counts': 'It would be so if the VPC’s router counted. But it leaves the TTL as it is.',
  'wrapping-not-counted': 'That is what the pod sent. What wraps it adds headers of its own.',
  'no-inner-frame':
    'It would be so if the tunnel carried the packet alone. But it carries a whole frame, with its own Ethernet header.',
  'frame-counted':
    'It would be so if the outermost frame belonged to the packet. But the IP packet begins behind it.',
  'loss-is-silent': 'It would be so if every loss were silent. This one is reported.',
  'nothing-logged':
    'It would be so if AWS wrote nothing down under an overlay. But it writes down what it carries: the outer packet.',
  'log-sees-inside':
    'It would be so if AWS looked into what it carries. But it reads the outermost addresses.',
  'log-names-pods':
    'It would be so if the log named the pod. But an interface writes down its own first address for its own side.',
  'dies-with-its-program':
    'It would be so if packets needed the program that wrote the rows. But the kernel has the rows, and asks nobody.',
  'node-hides':
    'It would be so if a node lent its address to whatever leaves it. But only a rule translates, and none matches here.',
  'bridge-routes':
    'It would be so if the bridge were a router. But who is on the same bridge is on the same link, and the frame is for it.',
  'unique-address':
    'It would be so if a container’s address were its own everywhere. But every node begins at the same one, and this address is next door.',
  'proxy-carries':
    'It would be so if docker-proxy carried whatever is published. But the rule is asked first, and then no program sees the packet.',
  'bridge-translates':
    'It would be so if the route were asked before the rule. But PREROUTING comes first, and the destination is the container’s by then.',
  'answers-need-a-rule':
    'It would be so if answers needed a rule of their own. But the kernel remembers the connection, and turns them back.',
  'wrong-is-lost': 'It would be so if a wrong source were refused. But nobody asks who sent it.',
  'plugin-carries':
    'It would be so if the plugin handed packets on. But it wrote its rows when the pod began, and ended. The kernel has them.',
  'kubernetes-carries':
    'It would be so if Kubernetes were asked for each packet. But the node looks into its own tables.',
  'etcd-is-asked':
    'It would be so if etcd were asked for each packet. But each node has a copy, and asks that.',
  'programs-wrap':
    'It would be so if a program did the wrapping. But here the kernel does, on a device of its own, however large the header.',
  'size-is-told':
    'It would be so if what is too large were always reported. But what may be cut is cut, and nobody is told.',
  'wrapping-is-yours':
    'It would be so if AWS’s header took its bytes from yours. But it is put on outside of what you may send.',
  'group-guards-all':
    'It would be so if a group stood between all that it is of. But it stands at interfaces, and from pod to pod of one node none is passed.',
  'never-translated': 'It would be so if nobody translated. But here a rule does.',
}

/** Changes that stand beside another's question, as what somebody must believe who answers so. */
const OTHERWISE: Readonly<Record<string, string>> = {
  'ip-forward-off': 'It would be so if the node did not pass on packets for others.',
}

export const believes = {
  /** Of a what-if by its name; undefined: its title says it. */
  change: (whatIf: string): string | undefined => OTHERWISE[whatIf],
  of: (belief: BeliefId): string => BELIEVES[belief],
}
