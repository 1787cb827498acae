/** Copies text. Says why it could not, in the middle of a sentence; null when it was copied. */
export async function copyText(text: string): Promise<string | null> {
  const clipboard = navigator.clipboard as Clipboard | undefined
  if (clipboard === undefined) return 'a page that did not come over https has no clipboard'
  try {
    await clipboard.writeText(text)
    return null
  } catch {
    return 'the browser does not let this page, or the frame it is in, use the clipboard'
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

/** Why something did not come from the site, in the middle of a sentence. */
export function notLoaded(): string {
  return navigator.onLine ? 'it could not be loaded from this site' : 'it could not be loaded, this machine is offline'
}
