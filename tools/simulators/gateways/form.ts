export type FormTree = { [name: string]: string | FormTree }

/** `metadata[ref]=x&expand[]=y` as `{ metadata: { ref: 'x' }, expand: { 0: 'y' } }`. */
export function formTree(text: string): FormTree {
  const tree: FormTree = {}
  for (const [name, value] of new URLSearchParams(text)) {
    const keys = name.split(/\[|\]\[|\]/).filter((key) => key !== '')
    const list = name.endsWith('[]') ? treeOf(tree[keys[0] ?? '']) : null
    const last = list ? String(Object.keys(list).length) : (keys.pop() ?? name)
    let at = tree
    for (const key of keys) {
      const inner = at[key]
      at[key] = typeof inner === 'object' ? inner : {}
      at = at[key] as FormTree
    }
    at[last] = value
  }
  return tree
}

export const textOf = (value: string | FormTree | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined

export const treeOf = (value: string | FormTree | undefined): FormTree =>
  typeof value === 'object' ? value : {}
