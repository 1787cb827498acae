import { parseDocument } from 'yaml'
import { ClusterError, clusterOf } from './cluster-file.ts'
import type { Scenario } from './scenario.ts'

/** The world in a cluster file (version 1) or in a full topology file, YAML or JSON. Throws ClusterError with all its problems. */
export function parseCluster(text: string): Scenario {
  return clusterOf(valueOf(text))
}

/** JSON.parse is many times faster than a YAML parser, so what looks like JSON is tried as that first. */
function valueOf(text: string): unknown {
  if (text.trimStart().startsWith('{')) {
    try {
      return JSON.parse(text)
    } catch {
      // A YAML flow mapping begins the same way; its parser's message also has the line.
    }
  }
  const doc = parseDocument(text)
  if (doc.errors.length > 0) throw new ClusterError(doc.errors.map((e) => ({ path: e.linePos === undefined ? '' : `line ${e.linePos[0].line}`, message: `${e.message.split(' at line ')[0]?.split('\n')[0] ?? e.message}; write YAML or JSON` })))
  const value: unknown = doc.toJS()
  if (value === null || value === undefined) throw new ClusterError([{ path: '', message: 'the file is empty; begin with packet-walk: 1 and network: flannel-vxlan' }])
  return value
}
