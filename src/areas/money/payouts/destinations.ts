import { servedCountries } from '../../../core/countries.ts'
import type { NameMatch } from '../../../db/schema/money/payouts.ts'
import type { PayoutDestination } from '../../../providers/payments/gateway.ts'

/** The part that tells an account from another: what is sealed, and shown by its end alone. */
function identifierOf(destination: PayoutDestination): string {
  switch (destination.kind) {
    case 'bank':
      return destination.accountNumber
    case 'mobile_wallet':
      return destination.phone
    case 'upi':
      return destination.vpa.split('@')[0] ?? ''
    case 'paypal':
      return destination.email.split('@')[0] ?? ''
  }
}

/** The last four characters, and never more than half of what there is. */
export function lastFourOf(destination: PayoutDestination): string {
  const identifier = identifierOf(destination)
  const shown = Math.min(4, Math.floor(identifier.length / 2))
  return shown === 0 ? '' : identifier.slice(-shown)
}

export const countryOf = (destination: PayoutDestination, currency: string): string => {
  if ('country' in destination) return destination.country
  const home = Object.entries(servedCountries).find(([, served]) => served.currency === currency)
  return home?.[0] ?? 'EG'
}

const wordsOf = (name: string): string[] =>
  name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f\u064b-\u065f\u0670]/g, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .sort()

/**
 * Compares the name that a user gave with the one that the bank has. `close`: one of them has all the words of the other, of which
 * there are two at least (middle names, titles); the order of the words, accents and case make no difference.
 */
export function matchNames(given: string, resolved: string): NameMatch {
  const [ours, theirs] = [wordsOf(given), wordsOf(resolved)]
  if (ours.length > 0 && ours.join(' ') === theirs.join(' ')) return 'exact'
  const [fewer, more] = ours.length < theirs.length ? [ours, theirs] : [theirs, ours]
  return fewer.length >= 2 && fewer.every((word) => more.includes(word)) ? 'close' : 'different'
}
