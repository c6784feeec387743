/**
 * Headers of bytes that people have uploaded. Whatever they say, no browser runs them or shows them as a page: the type is the one that
 * the first bytes were checked against, a download is what it is, and a page in spite of that has no origin and may do nothing.
 */
export const fileHeaders = (
  mimeType: string,
  bytes: number,
  cacheControl: string,
): Record<string, string> => ({
  'content-type': mimeType,
  'content-length': String(bytes),
  'content-disposition': 'attachment',
  'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
  'cache-control': cacheControl,
})
