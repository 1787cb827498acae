'use client'

/* What every page loads: in one script, so that what they share is in none twice. */
export { Bar } from '#components/chapter/Bar.tsx'
export { Frame } from './Frame.tsx'
export { Spoken } from './Language.tsx'
export { Lost } from './Lost.tsx'
