import type { Locale } from '../context.ts'

export interface ProblemText {
  status: number
  title: Record<Locale, string>
  /** ICU MessageFormat; the named values come from `Problem.values`. */
  detail: Record<Locale, string>
}
