import { moderate } from '../../../core/moderation.ts'
import { Problem } from '../../../core/problems.ts'

/**
 * Refuses texts with threats, slurs or ways to reach each other beside the platform, by the same judgement as chat. Returns whether staff
 * should look at them before anybody reads them.
 */
export function screen(texts: Record<string, string | null>): boolean {
  const verdicts = Object.entries(texts).map(
    ([field, text]) =>
      [field, text === null ? 'allow' : moderate(text, { mayExchangeContacts: false })] as const,
  )
  const refused = verdicts.filter(([, verdict]) => verdict === 'reject').map(([field]) => field)
  if (refused.length > 0) throw new Problem('review_text_refused', { fields: refused })
  return verdicts.some(([, verdict]) => verdict === 'flag')
}

/** An answer is shown at once, and must not be a way to take the review off the page: what staff should look at is refused as well. */
export function screenAnswer(text: string): void {
  if (screen({ text })) throw new Problem('review_text_refused', { fields: ['text'] })
}
