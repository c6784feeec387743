/** Connection that a string asks for. Only the host `local` may choose; every other host means the default database. */
export type Wanted = { user?: string; password?: string; database?: string }

const LOCAL_HOST = 'local'
const parsed = new Map<string, Wanted>()

export function wantedBy(connectionString: string): Wanted {
  const known = parsed.get(connectionString)
  if (known) return known
  const wanted = parse(connectionString)
  if (parsed.size > 1000) parsed.clear()
  parsed.set(connectionString, wanted)
  return wanted
}

function parse(connectionString: string): Wanted {
  // Non-special schemes parse differently between runtimes, so the scheme is swapped as the driver does.
  const url = URL.parse(connectionString.replace(/^postgres(ql)?:/, 'http:'))
  if (!url || url.hostname !== LOCAL_HOST) return {}
  const wanted: Wanted = {}
  if (url.username) wanted.user = decodeURIComponent(url.username)
  if (url.password) wanted.password = decodeURIComponent(url.password)
  const database = decodeURIComponent(url.pathname.slice(1))
  if (database) wanted.database = database
  return wanted
}

export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
