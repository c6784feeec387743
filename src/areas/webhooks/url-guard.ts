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

/**
 * Why a webhook URL is refused, or null. The URL parser has already turned every spelling of an IP address (octal, hex,
 * one number, mapped) into its plain form, so that one look at the host decides. What it cannot see is where a public
 * name points: Cloudflare's `fetch` resolves names itself and reaches no private network, so that a name which is pointed
 * at a private address later reaches nothing; redirects are never followed.
 */
export function refusalOf(text: string, { allowLoopback }: { allowLoopback: boolean }): string | null {
  if (text.length > maxUrlLength) return `longer than ${maxUrlLength} characters`
  const url = URL.parse(text)
  if (!url) return 'not a URL'
  if (allowLoopback && isLoopback(url)) return null
  if (url.protocol !== 'https:') return 'not https'
  if (url.username !== '' || url.password !== '') return 'credentials in the URL'
  if (url.port !== '') return 'another port than 443'
  if (url.hash !== '') return 'a fragment'
  return hostRefusal(url.hostname.toLowerCase())
}

function hostRefusal(host: string): string | null {
  if (host.startsWith('[') || /^\d+\.\d+\.\d+\.\d+$/.test(host)) return 'an IP address'
  if (host.endsWith('.')) return 'a trailing dot'
  if (!host.includes('.')) return 'not a public host name'
  if (!/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/.test(host))
    return 'not a host name'
  const isReserved = reservedSuffixes.some((suffix) => host.endsWith(`.${suffix}`))
  return isReserved ? 'a private host name' : null
}

/** Development only: a receiver on this machine. */
const isLoopback = (url: URL): boolean =>
  (url.protocol === 'http:' || url.protocol === 'https:') &&
  (url.hostname === '127.0.0.1' || url.hostname === 'localhost') &&
  url.username === '' &&
  url.password === ''
