import { entriesOf, type KeyOf } from '../areas/index.ts'

/** The chapters of the API reference, in the order of the areas. Every operation belongs to exactly one. */
export const tags = entriesOf('tags')

export type Tag = KeyOf<'tags'>
