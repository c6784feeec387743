/** A strict reader of the XML that we write: elements, attributes, text and the five entities. It refuses what is not well-formed. */
export interface Element {
  name: string
  attributes: Record<string, string>
  children: Element[]
  text: string
}

const unescaped: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function plain(text: string): string {
  if (
    /&(?!(lt|gt|amp|quot|apos);)|<|[^\t\n\r\u0020-\uFFFD]/.test(
      text.replace(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g, ''),
    )
  )
    throw new Error(`Not well-formed: ${text}`)
  return text.replace(/&(\w+);/g, (_, entity: string) => unescaped[entity] ?? '')
}

export function parseXml(source: string): Element {
  const root: Element = { name: '', attributes: {}, children: [], text: '' }
  const open = [root]
  const rest = source.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '')
  let at = 0
  for (const match of rest.matchAll(/<(\/?)([A-Za-z][\w:.-]*)((?:\s+[\w:.-]+="[^"<]*")*)\s*(\/?)>/g)) {
    const [tag, closes, name = '', attributes = '', isEmpty] = match
    const top = open.at(-1) as Element
    top.text += plain(rest.slice(at, match.index))
    at = match.index + tag.length
    if (closes) {
      if (top.name !== name) throw new Error(`</${name}> ends <${top.name}>`)
      open.pop()
      continue
    }
    const pairs = [...attributes.matchAll(/([\w:.-]+)="([^"]*)"/g)].map(
      ([, key = '', value = '']) => [key, plain(value)] as const,
    )
    if (new Set(pairs.map(([key]) => key)).size < pairs.length)
      throw new Error(`An attribute twice in ${tag}`)
    const element = { name, attributes: Object.fromEntries(pairs), children: [], text: '' }
    top.children.push(element)
    if (!isEmpty) open.push(element)
  }
  if (open.length > 1 || root.children.length !== 1 || rest.slice(at).trim() !== '')
    throw new Error('Not well-formed')
  return root.children[0] as Element
}

export const childOf = (element: Element, ...path: string[]): Element | undefined =>
  path.reduce<Element | undefined>(
    (found, name) => found?.children.find((child) => child.name === name),
    element,
  )
