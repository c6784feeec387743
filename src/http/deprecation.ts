/** Announced end of an operation, as two times in RFC 3339: from when it is discouraged, and when it ends. */
export interface Deprecation {
  since: string
  sunset: string
}

/** Headers of the answers of such an operation (RFC 9745, RFC 8594): the changelog says what replaces it. */
export const deprecationHeaders = ({ since, sunset }: Deprecation): [name: string, value: string][] => [
  ['Deprecation', `@${Math.floor(Date.parse(since) / 1000)}`],
  ['Sunset', new Date(sunset).toUTCString()],
  ['Link', '</changelog.md>; rel="deprecation"; type="text/markdown"'],
]

/** The same in the description of the operation. */
export const deprecationInWords = ({ since, sunset }: Deprecation): string =>
  `Deprecated since ${since.slice(0, 10)}, and gone after ${sunset.slice(0, 10)}: the changelog names what replaces it.`
