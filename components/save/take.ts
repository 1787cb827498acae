import type { Uncopied } from '#components/words/en/figure.ts'
import type { Away } from '#components/words/en/away.ts'

/** Copies text. Says why it could not; null when it was copied. */
export async function copyText(text: string): Promise<Uncopied | null> {
  const clipboard = navigator.clipboard as Clipboard | undefined
  if (clipboard === undefined) return 'insecure'
  try {
    await clipboard.writeText(text)
    return null
  } catch {
    return 'refused'
  }
}

/** Hands a file to the reader. */
export function download(name: string, content: Blob): void {
  const a = document.createElement('a')
  a.href = URL.createObjectURL(content)
  a.download = name
  a.click()
  setTimeout(() => URL.revokeObjectURL(a.href), 10_000)
}

/** Why something did not come from the site. */
export function notLoaded(): Away {
  return navigator.onLine ? 'site' : 'offline'
}
