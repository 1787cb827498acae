export type Part = string | number
/** What is wrong, and what would be right. */
export interface Sentence<A extends readonly Part[]> {
  readonly wrong: (...args: A) => string
  readonly remedy: (...args: A) => string
  /** It may stand without a place in the file. */
  readonly whole: boolean
}
/** About a place of the file. */
export const says = <A extends readonly Part[]>(
  wrong: (...args: A) => string,
  remedy: (...args: A) => string,
): Sentence<A> => ({ wrong, remedy, whole: false })
/** About the file as a whole. */
export const ofFile = <A extends readonly Part[]>(
  wrong: (...args: A) => string,
  remedy: (...args: A) => string,
): Sentence<A> => ({ wrong, remedy, whole: true })
