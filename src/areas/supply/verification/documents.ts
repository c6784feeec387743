/** Papers that requests are about, by the type of request. */
export const documentTypes = {
  identity: ['national_id', 'passport', 'residence_permit', 'driving_licence'],
  business: ['business_registration', 'tax_card', 'trade_licence'],
  document: ['insurance', 'criminal_record', 'diploma', 'professional_licence', 'address_proof'],
} as const

export type VerificationType = keyof typeof documentTypes

export const allDocumentTypes = Object.values(documentTypes).flat()
export type DocumentType = (typeof allDocumentTypes)[number]

/** One spelling a number: Arabic-Indic digits, case and separators do not make another one of it. */
export const normalNumber = (text: string): string =>
  text
    .replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0))
    .replace(/[\s./-]/g, '')
    .toUpperCase()

/** Formats of national numbers in the countries where we work; for other documents and countries only the length is known. */
const nationalNumbers: Record<string, RegExp> = {
  EG: /^[23]\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{7}$/,
  NG: /^\d{11}$/,
  KG: /^[12]\d{13}$/,
  IN: /^[2-9]\d{11}$/,
  GH: /^GHA\d{10}$/,
}

const anyNumber = /^[0-9A-Z]{6,20}$/

export const isNumberOf = (documentType: string, country: string, number: string): boolean =>
  (documentType === 'national_id' ? (nationalNumbers[country] ?? anyNumber) : anyNumber).test(number)
