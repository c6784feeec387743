/** Verdict on a text: it passes, it passes and is marked for a human, or it does not pass. */
export type Verdict = 'allow' | 'flag' | 'reject'

/** Threats and slurs, in their folded spelling (see `fold`). */
const rejectedWords = [
  'kill you',
  'kill yourself',
  'rape',
  'nigger',
  'faggot',
  'هقتلك',
  'سأقتلك',
  'اقتل نفسك',
  'يا ابن الكلب',
  'يا شرموطه',
  'كسمك',
]

/** How a deal is taken off the platform, or money asked for beside it. */
const flaggedWords = [
  'whatsapp',
  'whats app',
  'telegram',
  'instapay',
  'vodafone cash',
  'western union',
  'pay me outside',
  'واتساب',
  'واتس اب',
  'تليجرام',
  'انستاباي',
  'فودافون كاش',
  'بره التطبيق',
  'خارج التطبيق',
]

const wordPattern = (words: string[]): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.join('|')})(?![\\p{L}\\p{N}])`, 'u')

const rejected = wordPattern(rejectedWords)
const flagged = wordPattern(flaggedWords)

/** Ten digits or more, or nine after a plus or a zero, with at most two separators between two of them. */
const phoneNumber = /(?:(?<!\d)(?:\+|00?)(?:[\s().\-_/]{0,2}\d){9,}|(?<!\d)\d(?:[\s().\-_/]{0,2}\d){9,})/u

const date = /(?<!\d)(?:20\d\d[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]20\d\d)(?!\d)/gu

const link =
  /https?:\/\/|www\.|[\p{L}\p{N}._-]+@[\p{L}\p{N}-]+\.\p{L}{2,}|(?<![\p{L}\p{N}])[a-z0-9-]+\.(?:com|net|org|io|me|co|app|link|ly|eg|shop|info|biz|online|site|xyz|gl|gg)(?![\p{L}\p{N}])/u

/**
 * Looks at what one person tells another. Ways to reach each other outside (phone numbers, links, addresses) are refused
 * until the booking is confirmed: from then on the two need them.
 */
export function moderate(text: string, { mayExchangeContacts }: { mayExchangeContacts: boolean }): Verdict {
  const folded = fold(text)
  if (rejected.test(folded)) return 'reject'
  if (!mayExchangeContacts && hasContacts(folded)) return 'reject'
  return flagged.test(folded) ? 'flag' : 'allow'
}

const hasContacts = (folded: string): boolean =>
  phoneNumber.test(folded.replace(date, ' ')) || link.test(folded)

/** One spelling for what reads the same: width, case, vowel marks, tatweel, forms of alef, Arabic and Persian digits. */
function fold(text: string): string {
  if (/^[ -~]*$/.test(text)) return text.toLowerCase().replace(/ {2,}/g, ' ')
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\u0640\u064b-\u065f\u0670\u200b-\u200f\u2060\ufeff]/g, '')
    .replace(/[أإآ]/g, 'ا')
    .replace(/ة/g, 'ه')
    .replace(/ى/g, 'ي')
    .replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0))
    .replace(/\s+/g, ' ')
}
