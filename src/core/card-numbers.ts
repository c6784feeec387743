/**
 * Numbers of payment cards must never get into the house: no field is for them, so that a body or a chat message with one is refused.
 * A number is taken for a card's by its length, by the beginning that a network gives out, and by its check digit. The check digit alone
 * would refuse every tenth account number.
 */
const ofNetwork = new RegExp(
  `^(?:${[
    String.raw`4(?:\d{12}|\d{15}|\d{18})`, // Visa
    String.raw`5[1-5]\d{14}`, // Mastercard
    String.raw`(?:222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}`, // Mastercard
    String.raw`220[0-4]\d{12,15}`, // Mir
    String.raw`3[47]\d{13}`, // American Express
    String.raw`3(?:0[0-5]|[689]\d)\d{11,16}`, // Diners Club
    String.raw`35(?:2[89]|[3-8]\d)\d{12,15}`, // JCB
    String.raw`(?:50|5[6-8]|6\d)\d{11,17}`, // Maestro, Discover, UnionPay, RuPay, Verve, Meeza
    String.raw`8[12]\d{14,17}`, // RuPay, UnionPay
    String.raw`9417\d{12}`, // Elcard
  ].join('|')})$`,
)

/** Groups of digits, as people write a card's number, maybe with its expiry behind. */
const runs = /\d+(?:[ -]\d+)*/g

/** The numbers that the first groups make, as long as a card's. */
function* numbersIn(run: string): Generator<string> {
  let digits = ''
  for (const group of run.split(/[ -]/)) {
    digits += group
    if (digits.length > 19) return
    if (digits.length >= 13) yield digits
  }
}

/** Ids, SHA-256 in hexadecimal and account numbers (IBAN) have groups of digits too. */
const others = /\b[\da-f]{64}\b|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|\b[a-z]{2}\d{2}(?: \d{1,4})+\b/gi
const phone = /^\+\d{8,15}$/

/** Whether a text has as many digits on end as the shortest card number: what is below is not searched. */
export const hasManyDigits = (text: string): boolean => /[\d٠-٩۰-۹](?:[ -]?[\d٠-٩۰-۹]){12}/.test(text)

const latinDigits = (text: string): string =>
  text
    .replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0))

function hasCheckDigit(digits: string): boolean {
  let sum = 0
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place])
    const weighted = place % 2 === 0 ? digit : digit * 2
    sum += weighted > 9 ? weighted - 9 : weighted
  }
  return sum % 10 === 0
}

/** Whether a text contains what looks like the number of a payment card. */
export const hasCardNumber = (text: string): boolean =>
  hasManyDigits(text) &&
  !phone.test(text) &&
  (latinDigits(text.replace(others, 'id')).match(runs) ?? [])
    .flatMap((run) => [...numbersIn(run)])
    .some((digits) => ofNetwork.test(digits) && hasCheckDigit(digits))
