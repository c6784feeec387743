/** Complaint of a judge, and its place. */
export interface Finding {
  judge: string
  rule: string
  place: string
  message: string
}
