/** Escape takes away what a word means while it lies over the text, until the pointer or the focus moves on (WCAG 2.2, 1.4.13). Returns what ends it. */
export function hush(): () => void {
  const root = document.documentElement
  const speak = (): void => {
    delete root.dataset['hushed']
  }
  const quiet = (e: KeyboardEvent): void => {
    if (e.key === 'Escape') root.dataset['hushed'] = ''
  }
  addEventListener('keydown', quiet)
  addEventListener('pointerover', speak)
  addEventListener('focusin', speak)
  return () => {
    removeEventListener('keydown', quiet)
    removeEventListener('pointerover', speak)
    removeEventListener('focusin', speak)
  }
}
