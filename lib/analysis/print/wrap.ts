/** Columns of a terminal that text for it keeps to. */
export const WIDTH = 100

/** Text in lines of at most WIDTH columns behind an indent. A word longer than a line (a lease's JSON) is broken where the line ends. */
export function wrap(text: string, indent: string): string[] {
  const lines: string[] = []
  let line = ''
  const most = WIDTH - indent.length
  const words = text
    .split(' ')
    .flatMap((w) => (w.length <= most ? [w] : (w.match(new RegExp(`.{1,${most}}`, 'gsu')) ?? [])))
  for (const word of words) {
    if (line !== '' && indent.length + line.length + 1 + word.length > WIDTH) {
      lines.push(line)
      line = ''
    }
    line = line === '' ? word : `${line} ${word}`
  }
  lines.push(line)
  return lines.map((l) => `${indent}${l}`.trimEnd())
}
