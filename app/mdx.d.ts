declare module '*.mdx' {
  /** A function, whose elements are also looked through (components/predict/explanation.ts). */
  const Text: (props: {
    readonly components?: Readonly<Record<string, React.ElementType>>
  }) => React.ReactNode
  export default Text
  /** What scripts/outline.mjs reads of it. */
  export const outline: import('#components/chapter/outline.ts').Outline
}
declare module '*.module.css' {
  const names: Readonly<Record<string, string>>
  export default names
}
declare module '*.md' {
  const Text: React.ComponentType
  export default Text
}
