import { more } from '#lib/link/more.ts'

/* What a command or a page loads when it is needed, tests have from the beginning. */
more()
