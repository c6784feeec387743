import { said } from '../../../core/said.ts'

/** Names that resolve inside somebody's network, or nowhere. */
const reservedSuffixes = [
  'localhost',
  'local',
  'internal',
  'intranet',
  'corp',
  'home',
  'lan',
  'private',
  'home.arpa',
  'test',
  'example',
  'invalid',
  'onion',
  'arpa',
]

const maxUrlLength = 2_000

const texts = {
  tooLong: said({ en: `longer than ${maxUrlLength} characters`, ar: `أطول من ${maxUrlLength} حرفًا` }),
  noUrl: said({ en: 'not a URL', ar: 'ليس عنوان URL' }),
  noHttps: said({ en: 'not https', ar: 'ليس https' }),
  credentials: said({ en: 'credentials in the URL', ar: 'بيانات دخول داخل العنوان' }),
  port: said({ en: 'another port than 443', ar: 'منفذ غير 443' }),
  fragment: said({ en: 'a fragment', ar: 'جزء بعد #' }),
  ipAddress: said({ en: 'an IP address', ar: 'عنوان IP' }),
  trailingDot: said({ en: 'a trailing dot', ar: 'نقطة في نهاية الاسم' }),
  notPublic: said({ en: 'not a public host name', ar: 'ليس اسم مضيف عامًا' }),
  noHostName: said({ en: 'not a host name', ar: 'ليس اسم مضيف' }),
  privateName: said({ en: 'a private host name', ar: 'اسم مضيف خاص' }),
  ownHost: said({ en: 'a host of this API', ar: 'مضيف تابع لهذه الواجهة' }),
}

export interface UrlRules {
  /** Whether receivers on this machine may be named: in development only. */
  allowLoopback: boolean
  /** Hosts where this API answers; a call of ours to ourselves could cause the next one. Names below them are ours as well. */
  ownHosts: readonly string[]
}

interface UrlRulesEnv {
  ENVIRONMENT: string
  API_ORIGIN: string
  OWN_HOSTS?: string | undefined
}

export const urlRulesOf = ({ ENVIRONMENT, API_ORIGIN, OWN_HOSTS = '' }: UrlRulesEnv): UrlRules => ({
  allowLoopback: ENVIRONMENT === 'development',
  ownHosts: [
    new URL(API_ORIGIN).host,
    ...OWN_HOSTS.toLowerCase()
      .split(',')
      .map((host) => host.trim()),
  ].filter(Boolean),
})

/** The form in which a URL that was accepted is stored: its text says what its parser reads, to whoever else reads it. */
export const storedUrl = (text: string): string => new URL(text).href

/**
 * Why a webhook URL is refused, or null. The URL parser has already turned every spelling of an IP address (octal, hex,
 * one number, mapped) into its plain form, so that one look at the host decides. What it cannot see is where a public
 * name points: Cloudflare's `fetch` resolves names itself and reaches no private network, so that a name which is pointed
 * at a private address later reaches nothing; redirects are never followed.
 */
export function refusalOf(text: string, { allowLoopback, ownHosts }: UrlRules): string | null {
  if (text.length > maxUrlLength) return texts.tooLong
  const url = URL.parse(text)
  if (!url) return texts.noUrl
  if (url.href.length > maxUrlLength) return texts.tooLong
  if (ownHosts.some((own) => url.host === own || url.host.endsWith(`.${own}`))) return texts.ownHost
  if (allowLoopback && isLoopback(url)) return null
  if (url.protocol !== 'https:') return texts.noHttps
  if (url.username !== '' || url.password !== '') return texts.credentials
  if (url.port !== '') return texts.port
  if (url.hash !== '') return texts.fragment
  return hostRefusal(url.hostname.toLowerCase())
}

function hostRefusal(host: string): string | null {
  if (host.startsWith('[') || /^\d+\.\d+\.\d+\.\d+$/.test(host)) return texts.ipAddress
  if (host.endsWith('.')) return texts.trailingDot
  if (!host.includes('.')) return texts.notPublic
  if (!/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/.test(host))
    return texts.noHostName
  const isReserved = reservedSuffixes.some((suffix) => host.endsWith(`.${suffix}`))
  return isReserved ? texts.privateName : null
}

/** Development only: a receiver on this machine. */
const isLoopback = (url: URL): boolean =>
  (url.protocol === 'http:' || url.protocol === 'https:') &&
  (url.hostname === '127.0.0.1' || url.hostname === 'localhost') &&
  url.username === '' &&
  url.password === ''
