import { Frame, Lost } from '#components/site/shell.ts'
import { CHAPTERS, WRITTEN_IN } from '#content/chapters.ts'

export default function NotFound() {
  return (
    <Frame>
      <Lost
        chapters={CHAPTERS.map(({ slug, title }) => ({ slug, title }))}
        chaptersIn={WRITTEN_IN}
      />
    </Frame>
  )
}
