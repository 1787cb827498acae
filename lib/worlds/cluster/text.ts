import { isMap, isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml'
import { ALIASES, FILE_BYTES, YAML_BYTES, YAML_MARKS } from '#lib/topology/bounds.ts'
import { problem, saying, short, type Problem } from '#lib/topology/problem.ts'
import { deepText, repeatedKeys } from '#lib/topology/shape.ts'
import { ClusterError, clusterOf, type Plugins } from './file.ts'
import type { Scenario } from '#lib/worlds/scenario.ts'
import { named } from './unmodelled.ts'

/** The world in a cluster file (version 1) or in a full topology file, YAML or JSON. Throws ClusterError with all its problems. */
export function parseCluster(text: string, plugins: Plugins): Scenario {
  const value = readValue(text)
  try {
    return clusterOf(value, plugins)
  } catch (error) {
    throw error instanceof ClusterError ? new ClusterError(named(value, error.problems)) : error
  }
}

/** What a text in YAML or JSON says, within the bounds that files have (lib/topology/bounds.ts). Throws ClusterError. */
export function readValue(text: string): unknown {
  const bytes = sizeOf(text)
  if (bytes > FILE_BYTES) throw new ClusterError([problem('', 'too-large', bytes, FILE_BYTES)])
  return valueOf(text, bytes)
}

/** In UTF-8; counted only where it could matter. */
function sizeOf(text: string): number {
  return text.length > FILE_BYTES || text.length * 3 <= YAML_BYTES
    ? text.length
    : new TextEncoder().encode(text).length
}

/** JSON.parse is many times faster than a YAML parser, so what looks like JSON is tried as that first. */
function valueOf(text: string, bytes: number): unknown {
  const json = text.trimStart().startsWith('{') ? asJson(text) : undefined
  if (json !== undefined) {
    const twice = repeatedKeys(text)
    if (twice.length > 0) throw new ClusterError(twice)
    return json
  }
  if (bytes > YAML_BYTES) throw new ClusterError([problem('', 'yaml-too-large', bytes, YAML_BYTES)])
  const value = asYaml(text)
  if (value === null || value === undefined) throw new ClusterError([problem('', 'empty')])
  if (typeof value !== 'object' || Array.isArray(value))
    throw new ClusterError([problem('', 'no-mapping', short(value))])
  return value
}

/** A YAML flow mapping begins the same way; its parser also knows the line. */
function asJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What the parser says in our words; it throws for an alias that names nothing or very much, and where the stack ends. */
function asYaml(text: string): unknown {
  const deep = deepText(text)
  if (deep !== null) throw new ClusterError([problem(`line ${deep}`, 'deep')])
  const marks = text.match(/(?<=^|[\s,[{])[!&*](?=\S)/gm)?.length ?? 0
  if (marks > YAML_MARKS) throw new ClusterError([problem('', 'marks', marks)])
  const lines = new LineCounter()
  let problems: readonly Problem[]
  try {
    const doc = parseDocument(text, {
      uniqueKeys: false,
      logLevel: 'error',
      prettyErrors: false,
      lineCounter: lines,
    })
    const [error] = doc.errors
    // One mistake of form draws many errors behind it: the first is the one to mend.
    problems =
      error === undefined
        ? repeated(doc, lines)
        : [misread(error.code, error.message, lines.linePos(error.pos[0]).line)]
    if (problems.length === 0) return doc.toJS({ maxAliasCount: ALIASES })
  } catch (error) {
    problems = [misread('', error instanceof Error ? error.message : '', undefined)]
  }
  throw new ClusterError(problems)
}

/** Keys given twice. The parser's own look for them takes quadratic time. */
function repeated(doc: Document, lines: LineCounter): readonly Problem[] {
  const problems: Problem[] = []
  visit(doc, {
    Map(_, map) {
      const keys = new Set<string>()
      for (const { key } of isMap(map) ? map.items : []) {
        if (!isScalar(key)) continue
        const name = String(key.value)
        if (keys.has(name))
          problems.push(
            problem(`line ${lines.linePos(key.range?.[0] ?? 0).line}`, 'key-twice', name),
          )
        keys.add(name)
      }
    },
  })
  return problems
}

function misread(code: string, message: string, line: number | undefined): Problem {
  const path = line === undefined ? '' : `line ${line}`
  if (code === 'RESOURCE_EXHAUSTION' || message.includes('call stack')) return problem(path, 'deep')
  if (code === 'MULTIPLE_DOCS') return problem(path, 'two-documents')
  if (message.startsWith('Excessive alias count')) return problem(path, 'aliases', ALIASES)
  if (code === 'BAD_ALIAS' || message.startsWith('Unresolved alias'))
    return problem(path, 'no-anchor')
  return problem(path, 'not-yaml', saying().misread[code] ?? saying().unreadable)
}
