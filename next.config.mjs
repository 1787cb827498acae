import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import createMdx from '@next/mdx'
import { basePath, siteUrl } from './scripts/hosting.mjs'

const outline = fileURLToPath(new URL('./scripts/outline.mjs', import.meta.url))
/** What a build keeps of a chapter is made anew when what reads chapters is another. */
const digestOf = (file) => createHash('sha256').update(readFileSync(file)).digest('hex')

const withMdx = createMdx({
  // Chapters, and contract.md, which the reference shows as it is.
  extension: /\.mdx?$/,
  options: {
    remarkPlugins: ['remark-gfm', [outline, { digest: digestOf(outline) }]],
    rehypePlugins: ['rehype-slug'],
    providerImportSource: '#components/mdx.tsx',
  },
})

/** Readers get React and our components, not Next's client: it would be a third of all scripts. Who edits needs it, to see a change at once. */
const ALONE = {
  resolveAlias: { 'next/dist/client/app-next-turbopack.js': './components/site/boot.ts' },
  rules: {
    '*.js': {
      condition: {
        all: ['browser', 'production', { path: /next\/dist\/(client|lib|shared|build)\// }],
      },
      loaders: ['./scripts/no-client.mjs'],
    },
  },
}

/** @type {(phase: string) => import('next').NextConfig} */
export default (phase) =>
  withMdx({
    output: 'export',
    basePath: basePath(),
    env: { NEXT_PUBLIC_BASE_PATH: basePath(), NEXT_PUBLIC_SITE_URL: siteUrl() ?? '' },
    trailingSlash: true,
    pageExtensions: ['ts', 'tsx'],
    images: { unoptimized: true },
    // Two builds of the same sources are the same bytes.
    generateBuildId: () => 'packet-walk',
    poweredByHeader: false,
    devIndicators: false,
    turbopack: phase === 'phase-production-build' ? ALONE : {},
    // `npm test` checks the types of everything; a build for readers need not, and must not wait for the tests' types.
    typescript: { ignoreBuildErrors: true },
  })
