import type { Metadata } from 'next'
import { Frame } from '#components/site/shell.ts'
import { lessonOf } from '#components/teach/lesson.ts'
import { Teach } from '#components/teach/Teach.tsx'
import { held } from '#components/teach/workshop.ts'
import { around } from '#components/words/en/around.ts'
import { WORKSHOPS } from '#content/workshops.ts'
import { written } from '../written.ts'

export const metadata: Metadata = { title: around.teach, description: around.teachLead }

export default async function TeachPage() {
  const chapters = await written()
  return (
    <Frame>
      <Teach
        lessons={await Promise.all(chapters.map(lessonOf))}
        workshops={WORKSHOPS.map((w) => held(w, chapters))}
      />
    </Frame>
  )
}
