import { memo } from 'react'
import { Both } from './Both.tsx'
import { Stage } from './Stage.tsx'
import { useFigure } from '../use.tsx'

/** One picture, or two worlds on one clock. */
export const Held = memo(function Held() {
  const comparing = useFigure((read, s) => read.comparison(s) !== null)
  return comparing ? <Both /> : <Stage />
})
