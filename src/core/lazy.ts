/**
 * A module that is loaded when it is first needed. What is kept is the module and never the promise of it: a promise that
 * one request started may not be awaited by another.
 */
export function lazy<Module>(load: () => Promise<Module>): () => Module | Promise<Module> {
  let loaded: Module | undefined
  return () =>
    loaded ??
    load().then((module) => {
      loaded = module
      return module
    })
}
