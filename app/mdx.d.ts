declare module '*.mdx' {
  const Text: React.ComponentType
  export default Text
  /** What scripts/outline.mjs reads of it. */
  export const outline: import('#components/chapter/outline.ts').Outline
}
declare module '*.module.css' {
  const names: Readonly<Record<string, string>>
  export default names
}
