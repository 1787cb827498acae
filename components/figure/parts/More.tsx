import { controls } from '#components/words/controls.ts'
import { useFigureStore } from '../use.tsx'
import { InSandbox, LeavesOut, Linux } from './Behind.tsx'
import { CompareButton, Details, Do, Draw, Speed } from './Do.tsx'
import { Fall } from './Fall.tsx'
import { Take } from './Take.tsx'
import css from '../Figure.module.css'

/** What is not needed at every step. */
export function More() {
  const { home, shows } = useFigureStore()
  return (
    <Fall menu="more" label={controls().more}>
      {shows('detail') && <Details />}
      <p className={css.row}>
        {!home.own && shows('compare') && <CompareButton />}
        <Draw />
        <Speed />
        <Do what={controls().bytesAndHeaders} ask={{ type: 'tab', tab: 'Bytes' }} />
        <Do what={controls().inWords} ask={{ type: 'tab', tab: 'Steps' }} />
        {!home.own && <InSandbox />}
        <Do what={controls().keys} ask={{ type: 'help' }} />
      </p>
      {shows('take') && <Take />}
      <Linux />
      <LeavesOut />
    </Fall>
  )
}
