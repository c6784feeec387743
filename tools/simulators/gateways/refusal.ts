import type { Received, Reply } from '../simulator.ts'

/** The gateway says no, in its own words; nothing happened. */
export class Refusal extends Error {
  readonly reply: Reply

  constructor(status: number, body: unknown) {
    super(`refused with ${status}`)
    this.reply = { status, body }
  }
}

/** The reply of a piece of protocol, whose refusals are replies too. */
export function replied(answer: () => Reply): Reply {
  try {
    return answer()
  } catch (error) {
    if (error instanceof Refusal) return error.reply
    throw error
  }
}

export type Json = Record<string, unknown>

/** Body, path and query of one call. */
export function readCall({ path, text }: Received): { path: string[]; query: URLSearchParams; body: Json } {
  const { pathname, searchParams } = new URL(path, 'http://gateway')
  return {
    path: pathname.split('/').filter((part) => part !== ''),
    query: searchParams,
    body: text === '' ? {} : (JSON.parse(text) as Json),
  }
}

/** Rows of one page, which is numbered from 1. */
export const pageOf = <Row>(rows: Row[], page: number, perPage: number): Row[] =>
  rows.slice((page - 1) * perPage, page * perPage)
