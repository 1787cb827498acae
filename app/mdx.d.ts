declare module '*.mdx' {
  const Text: React.ComponentType
  export default Text
}
