declare module '*.mdx' {
  const Text: React.ComponentType
  export default Text
}
declare module '*.module.css' {
  const names: Readonly<Record<string, string>>
  export default names
}
