-- Invitations by e-mail or phone are sent to that address.
alter table company_members add column sent_at timestamptz;
