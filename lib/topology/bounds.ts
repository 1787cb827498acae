/* How much a file may hold. Within these bounds whatever reads it is linear; beyond one of them a message says which. */

/** Of a cluster file or a topology file, in UTF-8. */
export const FILE_BYTES = 16 * 1024 * 1024
/** As YAML, whose parser takes a hundred times as long as JSON's: room for 60,000 pods on a line each. */
export const YAML_BYTES = 2 * 1024 * 1024
/** Levels of lists and mappings: no part of a file has more than a few. */
export const LEVELS = 16
/** Tags, anchors and aliases of a YAML file: the parser keeps an error for each that stands wrong. */
export const YAML_MARKS = 5_000
/** Aliases that a YAML file may resolve to. */
export const ALIASES = 100

export const NODES = 10_000
/** In all, listed or counted. */
export const PODS = 60_000
export const PODS_PER_NODE = 250
export const SERVICES = 50_000
export const HOSTS = 1_000
export const SUBNETS = 200
export const GROUPS = 100
/** Rules of one direction of a security group, ports of a listener: whatever a person writes by hand. */
export const FEW = 1_000
export const EDITS = 1_000
/** Namespaces that edits change: each is derived, and a node has rows for every other. */
export const EDITED_SPACES = 100
/** Namespaces and VPCs of a topology file. */
export const SPACES = 100_000
/** Rows of one table of one space. */
export const ROWS_OF_TABLE = 200_000

/** A name of a pod, node, host, namespace or program: a DNS label's length, as Kubernetes has it. */
export const NAME_LENGTH = 63
export const TITLE_LENGTH = 200
/** An id of AWS; ours are made of a node's name. */
export const ID_LENGTH = 80
/** IFNAMSIZ is 16 with the NUL (if.h). */
export const DEVICE_LENGTH = 15
/** XT_EXTENSION_MAXNAMELEN is 29 with the NUL (x_tables.h). */
export const CHAIN_LENGTH = 28
/** XT_MAX_COMMENT_LEN is 256 with the NUL (xt_comment.h). */
export const COMMENT_BYTES = 255
/** Ports that multiport takes (xt_multiport.h, XT_MULTI_PORTS). */
export const MULTIPORTS = 15
/** Sets that one rule asks for: whatever a person writes by hand. */
export const SETS = 16
/** What stands before a line of LOG, of NFLOG: their room less the NUL (xt_LOG.h, xt_NFLOG.h). */
export const LOG_PREFIX = 29
export const NFLOG_PREFIX = 63
/** BR_MAX_PORTS is 1024, and port 0 is nobody's (br_private.h): the next one gets `Exchange full`. */
export const BRIDGE_PORTS = 1_023
/** User chains one behind the other below a built-in one: NFT_JUMP_STACK_SIZE is 16 with the built-in chain (nf_tables.h). */
export const JUMPS = 15
