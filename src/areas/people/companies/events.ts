import type { Area } from '../../../core/area.ts'

export const companyEvents = {
  'company_member.invited': {
    summary: 'A company invited somebody to work for it',
    notifies: {
      user: {
        en: { title: 'A company invites you', body: 'See its invitation, and accept or decline it.' },
        ar: { title: 'شركة تدعوك للانضمام', body: 'اطّلع على الدعوة واقبلها أو ارفضها.' },
      },
    },
  },
  'company_member.active': {
    summary: 'Somebody joined a company',
    notifies: {
      company: {
        en: { title: 'Somebody joined your company', body: 'See the members of your company.' },
        ar: { title: 'انضم شخص إلى شركتك', body: 'اطّلع على أعضاء شركتك.' },
      },
    },
  },
  'company_member.declined': {
    summary: 'An invitation to a company was declined',
    notifies: {
      company: {
        en: { title: 'An invitation was declined', body: 'The person does not join your company.' },
        ar: { title: 'رُفضت إحدى الدعوات', body: 'لن ينضم هذا الشخص إلى شركتك.' },
      },
    },
  },
  'company_member.revoked': {
    summary: 'A company took its invitation back',
    notifies: {
      user: {
        en: { title: 'The invitation was withdrawn', body: 'The company has taken its invitation back.' },
        ar: { title: 'سُحبت الدعوة', body: 'سحبت الشركة دعوتها.' },
      },
    },
  },
  'company_member.expired': { summary: 'An invitation to a company has ended unanswered' },
  'company_member.left': {
    summary: 'A member left a company',
    notifies: {
      company: {
        en: {
          title: 'A member left your company',
          body: 'Bookings made for your company stay with them until you give them to somebody else.',
        },
        ar: {
          title: 'غادر عضو شركتك',
          body: 'تبقى الحجوزات التي تمت لصالح شركتك معه حتى تسندها إلى شخص آخر.',
        },
      },
    },
  },
  'company_member.removed': {
    summary: 'A company ended the membership of a member',
    notifies: {
      user: {
        en: {
          title: 'You no longer work for the company',
          body: 'Bookings that were made for it stay with you until it gives them to somebody else.',
        },
        ar: {
          title: 'لم تعد تعمل لدى الشركة',
          body: 'تبقى معك الحجوزات التي تمت لصالحها حتى تسندها إلى شخص آخر.',
        },
      },
    },
  },
  'company_member.role_changed': {
    summary: 'A member has another role in a company',
    notifies: {
      user: {
        en: { title: 'You have a new role', body: 'Your role in the company was changed.' },
        ar: { title: 'لديك دور جديد', body: 'تغيّر دورك في الشركة.' },
      },
    },
  },
  'company_member.payout_proposed': {
    summary: 'A company proposes to a member who earns their work',
    notifies: {
      user: {
        en: {
          title: 'The company proposes a change',
          body: 'It concerns who is paid for your bookings. Accept or decline it.',
        },
        ar: { title: 'تقترح الشركة تغييرًا', body: 'يتعلق بمن يتلقى أجر حجوزاتك. اقبله أو ارفضه.' },
      },
    },
  },
  'company_member.payout_answered': {
    summary: 'A member answered a proposal about who earns their work',
    notifies: {
      company: {
        en: { title: 'A member has answered', body: 'See who is paid for their bookings from now on.' },
        ar: { title: 'ردّ أحد الأعضاء', body: 'اطّلع على من يتلقى أجر حجوزاته من الآن.' },
      },
    },
  },
} as const satisfies Area['events']
