import { expect, it } from 'vitest'
import { bytesOf, type RawFrame } from '#lib/analysis/read/frames.ts'

const frame = (hex: string): RawFrame => ({ in: 'n', dev: 'd', dir: 'in', to: 'host', len: 0, hex })

it('a frame in hex is its bytes', () => {
  expect([...bytesOf(frame('00ff10a9'))]).toEqual([0, 255, 16, 169])
  expect([...bytesOf(frame(''))]).toEqual([])
})
