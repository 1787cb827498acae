import { NO_PAINT, type Paint } from '#lib/analysis/print/print.ts'

/** Does what is written there get colours? NO_COLOR and FORCE_COLOR decide where they are set, NO_COLOR first; else a terminal that is not dumb. */
export function coloured(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false
  const force = env['FORCE_COLOR']
  if (force !== undefined) return force !== '0' && force !== 'false'
  return stream.isTTY === true && env['TERM'] !== 'dumb'
}

/** Colours of ANSI (ECMA-48, SGR), or none. */
export function paintFor(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): Paint {
  if (!coloured(stream, env)) return NO_PAINT
  const code =
    (n: number) =>
    (s: string): string =>
      s === '' ? '' : `\u001b[${n}m${s}\u001b[0m`
  return { dim: code(2), bold: code(1), good: code(32), warn: code(33), bad: code(31) }
}
