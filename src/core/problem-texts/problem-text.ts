import type { Locale } from '../context.ts'

export interface ProblemText {
  status: number
  title: Record<Locale, string>
  /** ICU MessageFormat; the named values come from `Problem.values`. */
  detail: Record<Locale, string>
  /** Names of the values that it refuses: `errors` points at those of them that a request sends. */
  fields?: readonly string[]
}
