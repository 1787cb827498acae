import { parseDocument, type Document } from 'yaml'
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
  // One mistake of form draws many errors behind it: the first is the one to mend.
  const [error] = doc.errors
  if (error !== undefined) throw notYaml(error.message, error.linePos?.[0].line)
  const value = valueIn(doc)
  if (value === null || value === undefined) throw new ClusterError([{ path: '', message: 'the file is empty; begin with packet-walk: 1 and network: flannel-vxlan' }])
  return value
}

/** Aliases are looked up only here: one that names nothing, or very many of them, is a mistake in the file too. */
function valueIn(doc: Document): unknown {
  try {
    return doc.toJS()
  } catch (error) {
    if (error instanceof ReferenceError || error instanceof RangeError) throw notYaml(error.message, undefined)
    throw error
  }
}

function notYaml(message: string, line: number | undefined): ClusterError {
  const what = message.includes('call stack') ? 'nested too deeply' : message.includes('multiple documents') ? 'a second document begins here; write one' : message.split(' at line ')[0]?.split('\n')[0] ?? message
  return new ClusterError([{ path: line === undefined ? '' : `line ${line}`, message: `${what}; write YAML or JSON` }])
}
