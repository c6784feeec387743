import type { Area } from '../../../core/area.ts'

export const companyProblems = {
  already_member: {
    status: 409,
    fields: ['userId'],
    title: { en: 'Already a member of a company', ar: 'عضو في شركة بالفعل' },
    detail: {
      en: 'A person works for one company at a time.',
      ar: 'يعمل الشخص لدى شركة واحدة في الوقت نفسه.',
    },
    cause: 'The person belongs to this company, or to another one, already.',
    remedy: 'They leave the other company first (`companyMembers.leave`).',
  },
  already_invited: {
    status: 409,
    fields: ['userId'],
    title: { en: 'Already invited', ar: 'تمت الدعوة بالفعل' },
    detail: {
      en: 'The person has an open invitation to this company.',
      ar: 'لدى هذا الشخص دعوة مفتوحة إلى هذه الشركة.',
    },
    cause: 'A person has one open invitation to a company.',
    remedy: 'Wait for the answer, or revoke the invitation first (`companyMembers.revoke`).',
  },
  company_not_open: {
    status: 409,
    title: { en: 'The company cannot take people now', ar: 'لا يمكن للشركة ضم أشخاص الآن' },
    detail: {
      en: 'Only a company that is approved, and whose account is active, has members.',
      ar: 'الأعضاء متاحون فقط لشركة معتمدة وحسابها نشط.',
    },
    cause: 'The company is not approved, or its account is not active or not of the type `company`.',
    remedy: 'Wait until staff have approved the company.',
  },
  invitation_expired: {
    status: 409,
    title: { en: 'The invitation has expired', ar: 'انتهت صلاحية الدعوة' },
    detail: { en: 'Ask the company for another one.', ar: 'اطلب من الشركة دعوة أخرى.' },
    cause: 'The instant in `expiresAt` has passed.',
    remedy: 'The company invites the person again.',
  },
  last_owner: {
    status: 409,
    title: { en: 'A company needs an owner', ar: 'الشركة تحتاج إلى مالك' },
    detail: {
      en: 'You would leave the company without an owner. Make somebody else an owner first.',
      ar: 'ستصبح الشركة بلا مالك. اجعل شخصًا آخر مالكًا أولًا.',
    },
    cause: 'The member is the last active owner of the company.',
    remedy: 'Give another member the role `owner`, then try again.',
  },
  membership_ended: {
    status: 409,
    title: { en: 'The person is no active member', ar: 'الشخص ليس عضوًا نشطًا' },
    detail: {
      en: 'Only an active membership can be changed.',
      ar: 'لا يمكن تغيير إلا عضوية نشطة.',
    },
    cause: 'The membership has ended, or its invitation was not accepted yet.',
    remedy: 'Read the membership again; revoke an open invitation and send another one.',
  },
  no_proposal: {
    status: 409,
    title: { en: 'Nothing waits for your answer', ar: 'لا يوجد ما ينتظر ردك' },
    detail: {
      en: 'The company proposes no other earner now.',
      ar: 'لا تقترح الشركة الآن جهة أخرى لتلقي الأجر.',
    },
    cause: '`payoutProposed` is null: it was answered, or the company took it back.',
    remedy: 'Read the membership again.',
  },
  owners_only: {
    status: 403,
    title: { en: 'Only an owner may do that', ar: 'هذا متاح للمالك فقط' },
    detail: {
      en: 'Owners are made, changed and removed by owners.',
      ar: 'لا يعيّن المالكين أو يغيّرهم أو يزيلهم إلا مالك.',
    },
    cause: 'The caller is a manager, and the membership is, or would be, that of an owner.',
    remedy: 'An owner does it.',
  },
} as const satisfies Area['problems']
