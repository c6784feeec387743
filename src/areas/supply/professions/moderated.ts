import { moderate } from '../../../core/moderation.ts'
import { Problem } from '../../../core/problems.ts'

/** Refuses texts with links, addresses, phone numbers and insults, by the same judgement as chat: all of them are read before a booking. */
export function refuseLinks(
  texts: readonly (readonly [field: string, text: string | null | undefined])[],
): void {
  const refused = texts.filter(
    ([, text]) => typeof text === 'string' && moderate(text, { mayExchangeContacts: false }) === 'reject',
  )
  const fields = [...new Set(refused.map(([field]) => field))]
  if (fields.length > 0) throw new Problem('contacts_refused', { fields })
}
