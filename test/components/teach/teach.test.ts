import { describe, expect, it } from 'vitest'
import { lessonOf } from '#components/teach/lesson.ts'
import { held } from '#components/teach/workshop.ts'
import { CHAPTERS } from '#content/chapters.ts'
import { WORKSHOPS } from '#content/workshops.ts'
import { chapters } from '../chapter/chapters.ts'

const written = chapters().map((c, i) => ({ ...c, title: CHAPTERS[i]!.title }))

describe('a lesson', { timeout: 60_000 }, () => {
  it.each(written)('$slug: a goal, exercises, each with one solution', async (chapter) => {
    const lesson = await lessonOf(chapter)
    expect(lesson.afterwards).toMatch(/^(?:[Bb]y the end).* you can .{40,}\.$/)
    expect(lesson.exercises.length).toBeGreaterThan(2)
    expect(new Set(lesson.exercises.map((e) => e.id)).size).toBe(lesson.exercises.length)
    const asked = lesson.exercises.filter((e) => e.options.length > 0)
    expect(asked.length).toBeGreaterThan(0)
    for (const { options, solution } of asked) {
      expect(options.filter((o) => o.why === null).map((o) => o.says)).toEqual([solution])
      expect(options.every((o) => o.why !== '')).toBe(true)
    }
    const ids = chapter.outline.scenes.map((s) => s.attributes['id'])
    for (const { scene } of lesson.exercises) expect(ids).toContain(scene?.attributes['id'])
  })
  it('counts recalls, whose answers differ from device to device, and does not solve them', async () => {
    const lesson = await lessonOf(written.find((c) => c.slug === 'docker')!)
    expect(lesson.recalls).toBe(2)
    expect(lesson.exercises.filter((e) => e.id.startsWith('recall-'))).toEqual([])
  })
  it('a task names the file that marks it', async () => {
    const { exercises } = await lessonOf(written[0]!)
    expect(exercises.find((e) => e.id === 'two-rows')?.marks).toBe(
      'packet-walk check content/tasks/two-rows.yaml FILE',
    )
  })
})

describe('a workshop', () => {
  it('leaves out what is not there, and its time', () => {
    const part = (minutes: number, scenes: readonly string[]) => ({ minutes, scenes, does: '.' })
    const planned = {
      id: 'w',
      title: 'W',
      parts: [part(5, ['one-packet#arp']), part(7, ['one-packet#gone']), part(3, [])],
    }
    const now = held(planned, written)
    expect([now.minutes, now.parts.length]).toEqual([8, 2])
    expect(now.parts[0]?.scenes).toEqual([{ page: '/one-packet/#arp', heading: 'Who has it?' }])
  })
  it.each(WORKSHOPS)('$title: all of it is there', (planned) => {
    expect(held(planned, written).parts).toHaveLength(planned.parts.length)
  })
})
