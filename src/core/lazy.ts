const known: (() => unknown)[] = []

/**
 * A module that is loaded when it is first needed. What is kept is the module and never the promise of it: a promise that
 * one request started may not be awaited by another.
 */
export function lazy<Module>(load: () => Promise<Module>): () => Module | Promise<Module> {
  let loaded: Module | undefined
  const loading = () =>
    loaded ??
    load().then((module) => {
      loaded = module
      return module
    })
  known.push(loading)
  return loading
}

/** Loads each, and those that are declared by what is loaded: for tests, where a request that loads would wait for their runner. */
export async function loadAll(): Promise<void> {
  for (const load of known) await load()
}
