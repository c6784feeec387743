/** A mistake that somebody could make, and the tests that must notice it. */
export interface Mutant {
  name: string
  /** The promise that it breaks. */
  breaks: string
  file: string
  /** Text of the file; it is there exactly once. */
  find: string
  replace: string
  /** The narrowest set of test files that ought to fail; the path decides the project. */
  tests: readonly [string, ...string[]]
  /** Only tests whose name matches: for files that loop over every operation. */
  named?: string
}

/** Returns the text with the mistake; null where the place is not there, or not unique. */
export function applied({ find, replace }: Mutant, text: string): string | null {
  const parts = text.split(find)
  return parts.length === 2 ? parts.join(replace) : null
}
