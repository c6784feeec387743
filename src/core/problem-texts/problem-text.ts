import type { Locale } from '../context.ts'

export interface ProblemText {
  status: number
  title: Record<Locale, string>
  /** ICU MessageFormat; the named values come from `Problem.values`. */
  detail: Record<Locale, string>
  /** When the API answers with it, for programmers: in the reference only, which is in English. */
  cause: string
  /** Steps that a program takes. */
  remedy: string
  /** Names of the values that it refuses: `errors` points at those of them that a request sends. */
  fields?: readonly string[]
}
