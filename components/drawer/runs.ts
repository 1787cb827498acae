import type { Line, Writer } from './rows.ts'

/** Lines that follow each other and are by the same writer; what frames them, as a bracket, is by nobody and belongs to those before. */
export function runs(
  lines: readonly Line[],
): readonly { readonly writer: Writer | null; of: Line[] }[] {
  const out: { writer: Writer | null; of: Line[] }[] = []
  const same = (a: Writer | null, b: Writer | null): boolean =>
    JSON.stringify(a) === JSON.stringify(b)
  for (const l of lines) {
    const last = out.at(-1)
    if (last !== undefined && (l.writer === null || same(last.writer, l.writer))) last.of.push(l)
    else out.push({ writer: l.writer, of: [l] })
  }
  return out
}
