import { acceptedLanguages, speaks } from './i18n.ts'

/** ISO 3166-1 alpha-2: the codes that are assigned. */
const codes =
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ ' +
  'CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR ' +
  'GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP ' +
  'KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT ' +
  'MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW ' +
  'SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ ' +
  'UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW'

const countries: ReadonlySet<string> = new Set(codes.split(' '))

export const isCountry = (code: string): boolean => countries.has(code)

/**
 * Where codes go to: every country, as people sign up from wherever they live, and Kosovo, which has numbers and no code of ISO's.
 * The two islands that libphonenumber knows beside them (Ascension, Tristan da Cunha) have a few hundred people and a name for
 * fraud.
 */
export const hasMobileNumbers = (code: string | undefined): boolean =>
  code !== undefined && (isCountry(code) || code === 'XK')

export interface ServedCountry {
  /** ISO 4217: one that we keep books in. */
  currency: 'EGP' | 'NGN' | 'KGS' | 'INR' | 'GHS'
  /** IANA. */
  timezone: string
  /** BCP 47, the first being the one to begin with. */
  languages: readonly [string, ...string[]]
}

/** Where we work, by ISO 3166-1 alpha-2. */
export const servedCountries = {
  EG: { currency: 'EGP', timezone: 'Africa/Cairo', languages: ['ar', 'en'] },
  NG: { currency: 'NGN', timezone: 'Africa/Lagos', languages: ['en', 'ha', 'yo', 'ig', 'pcm'] },
  KG: { currency: 'KGS', timezone: 'Asia/Bishkek', languages: ['ky', 'ru', 'en'] },
  IN: {
    currency: 'INR',
    timezone: 'Asia/Kolkata',
    languages: ['en', 'hi', 'kn', 'ta', 'te', 'ml', 'mr', 'bn'],
  },
  GH: { currency: 'GHS', timezone: 'Africa/Accra', languages: ['en', 'ak', 'ee', 'gaa'] },
} as const satisfies Record<string, ServedCountry>

/** Currencies in which books are kept: those of served countries. */
export const bookCurrencies = Object.values(servedCountries).map(({ currency }) => currency)

/**
 * Defaults for people outside the countries that we serve. Books are kept in the currencies of served countries only, and
 * EGP was the first.
 */
const neutralCurrency = 'EGP'
const neutralTimezone = 'UTC'
const neutralLanguage = 'en'

/**
 * The zone in which most people of a country live, where it has several, or a newer name than the platform's `Intl` knows it by.
 * Of all others `Intl` tells the one there is.
 */
const zones: Record<string, string> = {
  AQ: 'Antarctica/McMurdo',
  AR: 'America/Argentina/Buenos_Aires',
  AU: 'Australia/Sydney',
  BR: 'America/Sao_Paulo',
  CA: 'America/Toronto',
  CD: 'Africa/Lubumbashi',
  CL: 'America/Santiago',
  CN: 'Asia/Shanghai',
  CY: 'Asia/Nicosia',
  DE: 'Europe/Berlin',
  EC: 'America/Guayaquil',
  ER: 'Africa/Asmara',
  ES: 'Europe/Madrid',
  FM: 'Pacific/Chuuk',
  FO: 'Atlantic/Faroe',
  GL: 'America/Nuuk',
  ID: 'Asia/Jakarta',
  KI: 'Pacific/Tarawa',
  KZ: 'Asia/Almaty',
  MH: 'Pacific/Majuro',
  MM: 'Asia/Yangon',
  MN: 'Asia/Ulaanbaatar',
  MX: 'America/Mexico_City',
  MY: 'Asia/Kuala_Lumpur',
  NP: 'Asia/Kathmandu',
  NZ: 'Pacific/Auckland',
  PF: 'Pacific/Tahiti',
  PG: 'Pacific/Port_Moresby',
  PS: 'Asia/Hebron',
  PT: 'Europe/Lisbon',
  RU: 'Europe/Moscow',
  UA: 'Europe/Kyiv',
  US: 'America/New_York',
  UZ: 'Asia/Tashkent',
  VN: 'Asia/Ho_Chi_Minh',
}

const served = (country: string): ServedCountry | undefined =>
  Object.hasOwn(servedCountries, country)
    ? servedCountries[country as keyof typeof servedCountries]
    : undefined

/** Newer than the declarations of TypeScript. */
type LocaleWithZones = Intl.Locale & { getTimeZones?(): string[] | undefined }

function timezoneOf(country: string): string {
  const known = served(country)?.timezone ?? zones[country]
  if (known !== undefined) return known
  const found = (new Intl.Locale(`und-${country}`) as LocaleWithZones).getTimeZones?.() ?? []
  return found[0] ?? neutralTimezone
}

/** Returns the languages of a country: for one that we do not serve, its usual language, if we speak it. */
function languagesOf(country: string): readonly string[] {
  const usual = new Intl.Locale(`und-${country}`).maximize().language
  return served(country)?.languages ?? [speaks(usual) ? usual : neutralLanguage]
}

/** How an account begins; all of it may be changed by its owner. */
export interface Beginnings {
  locale: string
  timezone: string
  currency: string
  country: string | null
}

export interface Origin {
  /** ISO 3166-1 alpha-2. */
  country: string | null
  /** As the caller sent it. */
  acceptLanguage: string | null
}

/**
 * Language: the one most wanted of those that we speak or that are spoken there, else the country's. Currency and zone: the
 * country's. Of a country that we do not serve the zone is its own and the rest neutral; of none at all everything is.
 */
export function beginningsIn({ country, acceptLanguage }: Origin): Beginnings {
  const home = country !== null && isCountry(country) ? country : null
  const usual = home === null ? [neutralLanguage] : languagesOf(home)
  const wanted = acceptedLanguages(acceptLanguage).find(
    ({ language }) => speaks(language) || usual.includes(language),
  )
  const language = wanted?.language ?? usual[0] ?? neutralLanguage
  return {
    locale: home === null ? language : `${language}-${home}`,
    timezone: home === null ? neutralTimezone : timezoneOf(home),
    currency: (home === null ? undefined : served(home))?.currency ?? neutralCurrency,
    country: home,
  }
}
