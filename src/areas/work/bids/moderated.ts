import { moderate } from '../../../core/moderation.ts'
import { Problem } from '../../../core/problems.ts'

/** Refuses texts that hold a way to reach each other beside the platform, by the same judgement as chat: no booking is confirmed yet. */
export function refuseContacts(texts: Record<string, string | undefined>): void {
  const refused = Object.entries(texts).filter(
    ([, text]) => text !== undefined && moderate(text, { mayExchangeContacts: false }) === 'reject',
  )
  if (refused.length > 0) throw new Problem('contacts_refused', { fields: refused.map(([field]) => field) })
}
