import createMdx from '@next/mdx'

const withMdx = createMdx({
  options: { remarkPlugins: ['remark-gfm'], rehypePlugins: ['rehype-slug'], providerImportSource: '#components/mdx.tsx' },
})

/** @type {import('next').NextConfig} */
export default withMdx({
  output: 'export',
  trailingSlash: true,
  pageExtensions: ['ts', 'tsx'],
  images: { unoptimized: true },
  // Two builds of the same sources are the same bytes.
  generateBuildId: () => 'packet-walk',
  poweredByHeader: false,
  devIndicators: false,
  // `npm test` checks the types of everything; a build for readers need not, and must not wait for the tests' types.
  typescript: { ignoreBuildErrors: true },
})
