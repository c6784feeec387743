import type { Locale } from '../context.ts'

export interface ProblemText {
  status: number
  title: Record<Locale, string>
  /** ICU MessageFormat; the named values come from `Problem.values`. */
  detail: Record<Locale, string>
  /** When the API answers with it, for programmers: in the reference only, which is in English. */
  cause: string
  /** What a program does about it. */
  remedy: string
  /** Names of the values that it refuses: `errors` points at those of them that a request sends. */
  fields?: readonly string[]
}
