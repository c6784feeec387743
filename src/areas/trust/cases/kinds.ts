/** Kinds of human work that become cases. */
export const caseKinds = [
  'verification',
  'approval',
  'report',
  'dispute',
  'moderation',
  'second_look',
] as const
